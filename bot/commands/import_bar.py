"""The progress bar of an import: by bytes of the file, with rate and time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from bot.cases.importing import ImportProgress
from bot.texts import say


@contextmanager
def progress_bar(console: Console, language: str) -> Iterator[Callable[[ImportProgress], None]]:
    """A bar on a terminal, nothing elsewhere; yields what import_cases calls as it goes on."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[lines]}"),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        # No total yet: the whole file is first read once for its key.
        task = bar.add_task(say(language, "cases_cli.checking"), total=None, lines="")
        started = False

        def moved(at: ImportProgress) -> None:
            nonlocal started
            if not started:
                # An import that goes on starts in the middle: that is no speed.
                name = say(language, "cases_cli.importing")
                bar.reset(task, total=at.size, completed=at.position, description=name)
                started = True
            lines = say(language, "cases_cli.line_count", lines=at.lines)
            bar.update(task, completed=at.position, lines=lines)

        yield moved
