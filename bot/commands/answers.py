"""The command `answers`: how old the help content is.

Exit status: 0 all of it was checked lately, 1 some of it is stale, 2 it does not load.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.answers.help import AnswerError, Answers, answers, is_stale
from bot.clock import today
from bot.commands.speaking import NEEDS_A_LOOK, stopped, tell
from bot.settings import operator_language
from bot.texts import say

LIMIT_DAYS = 90
COLUMNS = ("checked", "age", "intent", "languages", "links")

content = typer.Typer(
    help="The help content / Le contenu d’aide",
    no_args_is_help=True,
)
output = Console(highlight=False)


@content.callback()
def group() -> None:
    """Keeps `check` a command of its own while it is the only one."""


@content.command(
    "check", help="What was checked when, stale first / Ce qui a été vérifié, et quand."
)
def check_command(
    older: Annotated[
        int, typer.Option(min=0, help="Stale beyond these days / Périmé après ces jours.")
    ] = LIMIT_DAYS,
) -> None:
    try:
        found = answers()
    except AnswerError as error:
        raise stopped("answers_cli.broken", detail=error) from error
    day = today()
    output.print(_table(found, day, older))
    count = sum(is_stale(checked, day, older) for checked in found.checked.values())
    key = "stale" if count else "fresh"
    tell(f"answers_cli.{key}", days=older, count=count, all=len(found.checked))
    if count:
        raise typer.Exit(NEEDS_A_LOOK)


def _table(found: Answers, day: date, older: int) -> Table:
    """One row an answer, the one that was checked longest ago first."""
    table = Table()
    for name in COLUMNS:
        table.add_column(say(operator_language(), f"answers_cli.column.{name}"), overflow="fold")
    for intent, checked in sorted(found.checked.items(), key=lambda pair: (pair[1], pair[0])):
        style = "red" if is_stale(checked, day, older) else None
        table.add_row(*_cells(found, intent, day), style=style)
    return table


def _cells(found: Answers, intent: str, day: date) -> list[str | Text]:
    checked, replies = found.checked[intent], found.general[intent]
    pages = [_page(url) for reply in replies.values() for _, url in reply.links]
    age = str((day - checked).days)
    return [checked.isoformat(), age, intent, " ".join(replies), Text("\n").join(pages)]


def _page(url: str) -> Text:
    """An address that fits into a column, and that a terminal opens."""
    host, _, rest = url.removeprefix("https://").removeprefix("www.").partition("/")
    return Text(f"{host} … {rest.rsplit('/', 1)[-1]}", style=Style(link=url))
