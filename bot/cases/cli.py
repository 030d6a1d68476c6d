"""The operator's commands `cases` and `times`; bot/__main__.py mounts them.

Exit status: 0 everything was loaded, 1 some lines were set aside, 2 it could not run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.cases.demo import load_demo
from bot.cases.errors import CannotImport
from bot.cases.generating import generate
from bot.cases.importing import ImportResult, import_cases
from bot.cases.progress_bar import progress_bar
from bot.cases.times import import_times
from bot.settings import Settings, SettingsError, load_settings, operator_language
from bot.store import Database
from bot.texts import say

SOME_SET_ASIDE = 1
COULD_NOT_RUN = 2

cases = typer.Typer(
    help="Cases: import, invent / Dossiers : importer, inventer", no_args_is_help=True
)
times = typer.Typer(no_args_is_help=True)
console = Console(stderr=True, soft_wrap=True, highlight=False)

File = Annotated[Path, typer.Argument(help="A .jsonl file, one record a line / Fichier .jsonl")]


@cases.command("import", help="Load the cases of a file / Charger les dossiers d’un fichier.")
def import_command(file: File) -> None:
    with _ready(file) as (database, settings), progress_bar(console, operator_language()) as moved:
        result = import_cases(database, settings.secret_key, file, moved)
    _report(result)
    raise typer.Exit(SOME_SET_ASIDE if result.rejected else 0)


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
        raise _stopped("unreadable", path=output, detail=error.strerror) from error
    _tell("generated", count=count, path=output)


@cases.command("demo", help="Load the demo cases / Charger les dossiers de démonstration.")
def demo_command() -> None:
    with _ready(None) as (database, settings):
        loaded = load_demo(database, settings.secret_key)
    _tell("demo_loaded" if loaded else "demo_there")


@times.callback(help="Published times / Délais publiés")
def times_group() -> None:
    """Keeps the word `import` although it is the only command."""


@times.command("import", help="Load published times / Charger des délais publiés.")
def import_times_command(file: File) -> None:
    language = operator_language()
    with _ready(file) as (database, _):
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
    raise typer.Exit(SOME_SET_ASIDE if result.rejected else 0)


@contextmanager
def _ready(file: Path | None) -> Iterator[tuple[Database, Settings]]:
    """The migrated database and the settings; what stops the command becomes a sentence."""
    database = None
    try:
        settings = load_settings()
        database = Database(settings.database_url)
        database.migrate()
        yield database, settings
    except SettingsError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(COULD_NOT_RUN) from error
    except CannotImport as error:
        console.print(error.text(operator_language()), style="red", markup=False)
        raise typer.Exit(COULD_NOT_RUN) from error
    except FileNotFoundError as error:
        raise _stopped("no_file", path=file or error.filename) from error
    except OSError as error:
        raise _stopped("unreadable", path=file or error.filename, detail=error.strerror) from error
    except SQLAlchemyError as error:
        raise _stopped("database", detail=_without_values(error)) from error
    except KeyboardInterrupt as error:
        raise _stopped("interrupted") from error
    finally:
        if database is not None:
            database.close()


def _without_values(error: SQLAlchemyError) -> str:
    """What the driver says of its connection; other messages may carry personal details."""
    return str(error.orig) if isinstance(error, OperationalError) else type(error).__name__


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
    console.print(say(operator_language(), f"cases_cli.{key}", **values), markup=False)


def _stopped(key: str, **values: Any) -> typer.Exit:
    text = say(operator_language(), f"cases_cli.{key}", **values)
    console.print(text, style="red", markup=False)
    return typer.Exit(COULD_NOT_RUN)
