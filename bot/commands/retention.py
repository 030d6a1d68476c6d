"""The commands `purge` and `hold`. Exit status 1: there was nothing to hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.clock import now
from bot.commands.ready import ready_database
from bot.commands.speaking import NEEDS_A_LOOK, console, stopped, tell
from bot.retention.holding import UnknownApplication, hold
from bot.retention.purge import Step, due, purge
from bot.retention.table import rules
from bot.settings import operator_language
from bot.texts import say


def purge_command(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count / Compter seulement")
    ] = False,
) -> None:
    with ready_database() as database:
        moment = now()
        counts = due(database, moment)
        if not dry_run:
            with _progress(sum(counts.values())) as moved:
                counts = purge(database, moment, moved)
    _report(counts, "would_remove" if dry_run else "removed")


def hold_command(
    number: Annotated[str, typer.Argument(help="Of the application / De la demande")],
    on: Annotated[bool, typer.Option("--on/--off", help="Hold or lift / Conserver ou lever")],
) -> None:
    with ready_database() as database:
        try:
            with database.write() as session:
                count = hold(session, number, on)
        except UnknownApplication as error:
            raise stopped("retention_cli.no_application", number=number) from error
    if on and not count:
        tell("retention_cli.no_conversation")
        raise typer.Exit(NEEDS_A_LOOK)
    tell("retention_cli.held" if on else "retention_cli.released", count=count)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Step], None]]:
    """A bar on a terminal, nothing elsewhere."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(say(operator_language(), "retention_cli.purging"), total=total)
        yield lambda step: bar.update(task, advance=step.count)


def _report(counts: dict[str, int], key: str) -> None:
    """One sentence for each kind of which something went."""
    for kind, count in counts.items():
        if count:
            what = rules()[kind].what[operator_language()]
            tell(f"retention_cli.{key}", what=what, count=count)
    if not any(counts.values()):
        tell("retention_cli.nothing_due")
