"""The progress bar of a verification: by rows, with the time left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.audit.verify import Moved
from bot.texts import say


@contextmanager
def progress_bar(console: Console, language: str) -> Iterator[Moved]:
    """A bar on a terminal, nothing elsewhere; yields what verify calls as it goes on."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rows]}"),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(say(language, "audit_cli.verifying"), total=None, rows="")

        def moved(count: int, of: int) -> None:
            rows = say(language, "audit_cli.row_count", rows=count)
            bar.update(task, completed=count, total=of, rows=rows)

        yield moved
