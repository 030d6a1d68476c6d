"""The command `outbox`: messages that could not be sent, and sending them again.

Exit status: 0 done, 1 nothing to do, 2 it could not run.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.chat.bell import Bell
from bot.commands.ready import ready_database
from bot.commands.speaking import NEEDS_A_LOOK, settings_or_exit, stopped, tell
from bot.messages.letters import Letter, dead_letters, send_again, waiting
from bot.settings import operator_language
from bot.texts import say

outbox = typer.Typer(
    help="Messages that were given up / Messages abandonnés",
    no_args_is_help=True,
)
output = Console(highlight=False)
COLUMNS = ("reference", "channel", "language", "error", "tries", "written", "text")


@outbox.command("list", help="What was given up, and why / Ce qui a été abandonné, et pourquoi.")
def list_command() -> None:
    language = operator_language()
    with ready_database() as database, database.read() as session:
        letters, counts = dead_letters(session), waiting(session)
    tell("outbox_cli.waiting", email=counts.get("email", 0), sms=counts.get("sms", 0))
    if not letters:
        tell("outbox_cli.nothing")
        return
    table = Table()
    for name in COLUMNS:
        table.add_column(say(language, f"outbox_cli.column.{name}"), overflow="fold")
    for letter in letters:
        table.add_row(*_cells(letter, language))
    output.print(table)


@outbox.command("again", help="Send them again / Les remettre à l’envoi.")
def again_command(
    references: Annotated[
        list[str] | None, typer.Argument(help="Of the list / De la liste")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them / Tous.")] = False,
) -> None:
    if bool(references) == everything:
        raise stopped("outbox_cli.which")
    with ready_database() as database, database.write() as session:
        count = send_again(session, None if everything else set(references or ()))
    if not count:
        tell("outbox_cli.none_again")
        raise typer.Exit(NEEDS_A_LOOK)
    Bell(settings_or_exit().home, "sender").ring()
    tell("outbox_cli.again", count=count)


def _cells(letter: Letter, language: str) -> list[str]:
    return [
        letter.reference,
        say(language, f"outbox_cli.channel.{letter.channel}"),
        letter.language,
        letter.error,
        str(letter.tries),
        f"{letter.created_at:%Y-%m-%d %H:%M}",
        say(language, f"outbox_cli.{'yes' if letter.keeps_text else 'no'}"),
    ]
