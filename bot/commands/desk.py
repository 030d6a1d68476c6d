"""The command `desk remarks`: what supervisors remarked, as files for data/nlu and data/answers.

Exit status: 0 done, 1 there is nothing new, 2 it could not run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.clock import today
from bot.commands.ready import ready_database
from bot.commands.speaking import COULD_NOT_RUN, NEEDS_A_LOOK, tell
from bot.desk.remarks import take_remarks

desk = typer.Typer(
    help="The agents' desk: remarks / Poste des agents : remarques", no_args_is_help=True
)


@desk.callback()
def _group() -> None:
    """With one command only, typer would leave its name out."""


@desk.command("remarks", help="Write what was remarked / Écrire les remarques.")
def remarks_command(
    folder: Annotated[Path, typer.Argument(help="Folder / Dossier")],
    again: Annotated[bool, typer.Option(help="Old ones too / Les anciennes aussi")] = False,
) -> None:
    """They count as taken only once the files are written."""
    try:
        with ready_database() as database, database.write() as session:
            found = take_remarks(session, again)
            names = _write(folder, {"nlu": found.nlu, "answers": found.answers})
    except OSError as error:
        tell("desk_cli.not_written", folder=folder)
        raise typer.Exit(COULD_NOT_RUN) from error
    if not found.count:
        tell("desk_cli.nothing")
        raise typer.Exit(NEEDS_A_LOOK)
    tell("desk_cli.written", count=found.count, files=", ".join(names))


def _write(folder: Path, texts: dict[str, str]) -> list[str]:
    """A file for each text that is not empty; one that exists is never written over."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / f"remarks-{today()}-{name}.yml": text for name, text in texts.items() if text}
    if any(path.exists() for path in files):
        raise FileExistsError
    for path, text in files.items():
        path.write_text(text, "utf-8")
    return [str(path) for path in files]
