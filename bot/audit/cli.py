"""The operator's commands `audit verify` and `audit show`; bot/__main__.py mounts them.

Exit status: 0 the trail is intact (or was shown), 1 there are findings, 2 it could not run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.audit.anchor import FILE
from bot.audit.finding import Finding
from bot.audit.marking import mark
from bot.audit.operator import operator_name
from bot.audit.progress_bar import progress_bar
from bot.audit.recording import AuditBroken
from bot.audit.showing import NotFound, Wanted, application_named, person_named, show
from bot.audit.stored import still
from bot.audit.table import trail_table
from bot.audit.verify import verify
from bot.opening import open_database
from bot.settings import SettingsError, load_settings, operator_language
from bot.store import Database
from bot.store.keys import CannotOpen
from bot.texts import has_text, say

FINDINGS = 1
COULD_NOT_RUN = 2
MOST_LISTED = 100
MOST_SHOWN = 10_000

audit = typer.Typer(
    help="Audit trail: verify, show / Piste d’audit : vérifier, afficher", no_args_is_help=True
)
console = Console(stderr=True, soft_wrap=True, highlight=False)
output = Console(highlight=False)


@audit.command(
    "verify", help="Is it what was written? / Est-elle telle qu’elle a été écrite\u00a0?"
)
def verify_command() -> None:
    with _ready() as (database, home):
        rows, count = _verify(database, home / FILE)
        _sum_up(rows, count)
        try:
            mark(database, home / FILE, findings=count, agent=operator_name())
        except AuditBroken as error:
            _tell("not_recorded")
            raise typer.Exit(FINDINGS) from error
    raise typer.Exit(FINDINGS if count else 0)


@audit.command("show", help="Who saw or changed what / Qui a vu ou modifié quoi")
def show_command(
    application: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Application number / Numéro de demande")
    ] = None,
    uci: Annotated[
        str | None, typer.Option(help="UCI of whom it was shown to / IUC de qui a vu")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day / À partir du jour")
    ] = None,
    act: Annotated[str | None, typer.Option(help="As in the table / Comme au tableau")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="At most / Au plus")] = 50,
) -> None:
    with _ready() as (database, _), database.write() as session:
        wanted = Wanted(
            application_id=application_named(session, application) if application else None,
            person_id=person_named(session, uci) if uci else None,
            since=since.replace(tzinfo=timezone.utc) if since else None,
            act=act,
            limit=limit,
        )
        rows = show(session, wanted, operator_name())
    # Only now: had the disclosure not been written down, there would be none.
    if not rows:
        _tell("nothing")
        return
    output.print(trail_table(operator_language(), rows[:limit]))
    if len(rows) > limit:
        _tell("more", rows=limit)


def _verify(database: Database, path: Path) -> tuple[int, int]:
    """How many rows were read, and how many findings there are; each is said."""
    rows = count = 0
    with (
        progress_bar(console, operator_language()) as shown,
        still(database.engine, database.keys) as session,
    ):

        def moved(read: int, of: int) -> None:
            nonlocal rows
            rows = read
            shown(read, of)

        for found in verify(session, path, moved):
            count += 1
            if count <= MOST_LISTED:
                _tell_finding(found)
    return rows, count


def _tell_finding(found: Finding) -> None:
    key = f"finding.{found.kind}"
    if not has_text(f"audit_cli.{key}"):
        key += ".one" if found.first == found.last else ".many"
    _tell(key, first=found.first, last=found.last, line=found.line)


def _sum_up(rows: int, count: int) -> None:
    if count > MOST_LISTED:
        _tell("not_listed", count=count - MOST_LISTED)
    if count:
        _tell("findings", count=count, rows=rows)
    else:
        _tell("intact.one" if rows == 1 else "intact.many", rows=rows)


@contextmanager
def _ready() -> Iterator[tuple[Database, Path]]:
    """The migrated database and the state folder; what stops the command becomes a sentence."""
    database = None
    try:
        settings = load_settings()
        database = open_database(settings)
        database.migrate()
        yield database, settings.home
    except SettingsError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(COULD_NOT_RUN) from error
    except NotFound as error:
        raise _stopped(error.key) from error
    except AuditBroken as error:
        raise _stopped("not_shown") from error
    except CannotOpen as error:
        raise _stopped("cannot_open") from error
    except OSError as error:
        raise _stopped("unreadable", path=error.filename, detail=error.strerror) from error
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


def _tell(key: str, **values: Any) -> None:
    console.print(say(operator_language(), f"audit_cli.{key}", **values), markup=False)


def _stopped(key: str, **values: Any) -> typer.Exit:
    text = say(operator_language(), f"audit_cli.{key}", **values)
    console.print(text, style="red", markup=False)
    return typer.Exit(COULD_NOT_RUN)
