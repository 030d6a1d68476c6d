"""The commands `cases` and `times`. Exit status 1: some lines were set aside."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cases.demo import load_demo
from bot.cases.errors import CannotImport
from bot.cases.generating import generate
from bot.cases.importing import ImportResult, import_cases
from bot.cases.times import import_times
from bot.commands.import_bar import progress_bar
from bot.commands.ready import ready_database
from bot.commands.speaking import COULD_NOT_RUN, NEEDS_A_LOOK, console, stopped, tell
from bot.settings import operator_language
from bot.store import Database

cases = typer.Typer(
    help="Cases: import, invent / Dossiers : importer, inventer", no_args_is_help=True
)
times = typer.Typer(no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A .jsonl file, one record a line / Fichier .jsonl")]


@cases.command("import", help="Load the cases of a file / Charger les dossiers d’un fichier.")
def import_command(file: File) -> None:
    with _ready(file) as database, progress_bar(console, operator_language()) as moved:
        result = import_cases(database, file, moved)
    _report(result)
    raise typer.Exit(NEEDS_A_LOOK if result.rejected else 0)


@cases.command("generate", help="Write invented cases / Écrire des dossiers inventés.")
def generate_command(
    count: Annotated[int, typer.Argument(min=0, help="How many / Combien")],
    seed: Annotated[int, typer.Option(min=0, help="The same gives the same / Même suite")] = 1,
    output: Annotated[
        Path | None, typer.Option(help="Instead of stdout / Au lieu de stdout")
    ] = None,
) -> None:
    if output is None:
        _write(count, seed, sys.stdout.write)
        return
    try:
        with output.open("w", encoding="utf-8") as file:
            _write(count, seed, file.write)
    except OSError as error:
        raise _unreadable(output, error) from error
    _tell("generated", count=count, path=output)


@cases.command("demo", help="Load the demo cases / Charger les dossiers de démonstration.")
def demo_command() -> None:
    with _ready(None) as database:
        loaded = load_demo(database)
    _tell("demo_loaded" if loaded else "demo_there")


@times.callback(help="Published times / Délais publiés")
def times_group() -> None:
    """Keeps the word `import` although it is the only command."""


@times.command("import", help="Load published times / Charger des délais publiés.")
def import_times_command(file: File) -> None:
    language = operator_language()
    with _ready(file) as database:
        result = import_times(database, file)
    for line, reason in result.rejected:
        _tell("times_line", line=line, reason=reason[language])
    _tell(
        "times_summary",
        added=result.added,
        updated=result.updated,
        unchanged=result.unchanged,
        rejected=len(result.rejected),
    )
    raise typer.Exit(NEEDS_A_LOOK if result.rejected else 0)


@contextmanager
def _ready(file: Path | None) -> Iterator[Database]:
    """The migrated database; what is wrong with the file becomes a sentence as well."""
    with ready_database() as database:
        try:
            yield database
        except CannotImport as error:
            console.print(error.text(operator_language()), style="red", markup=False)
            raise typer.Exit(COULD_NOT_RUN) from error
        except FileNotFoundError as error:
            raise _stopped("no_file", path=file or error.filename) from error
        except OSError as error:
            raise _unreadable(file or error.filename, error) from error


def _unreadable(path: Any, error: OSError) -> typer.Exit:
    return _stopped("unreadable", path=path, detail=error.strerror)


def _report(result: ImportResult) -> None:
    if result.resumed_after:
        _tell("resumed", lines=result.resumed_after)
    _tell(
        "summary",
        lines=result.lines,
        added=result.added,
        updated=result.updated,
        unchanged=result.unchanged,
        rejected=result.rejected,
    )
    if result.rejected_file:
        _tell("set_aside", path=result.rejected_file)


def _write(count: int, seed: int, write: Callable[[str], Any]) -> None:
    for record in generate(count, seed):
        write(json.dumps(record, ensure_ascii=False) + "\n")


def _tell(key: str, **values: Any) -> None:
    tell(f"cases_cli.{key}", **values)


def _stopped(key: str, **values: Any) -> typer.Exit:
    return stopped(f"cases_cli.{key}", **values)
