"""The commands `audit verify` and `audit show`.

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

from bot.audit.anchor import FILE
from bot.audit.finding import Finding
from bot.audit.marking import mark
from bot.audit.recording import AuditBroken
from bot.audit.showing import NotFound, Wanted, application_named, person_named, show
from bot.audit.stored import still
from bot.audit.verify import verify
from bot.commands.audit_bar import progress_bar
from bot.commands.audit_table import trail_table
from bot.commands.operator import operator_name
from bot.commands.ready import ready_database
from bot.commands.speaking import NEEDS_A_LOOK, console, settings_or_exit, stopped, tell
from bot.settings import operator_language
from bot.store import Database
from bot.texts import has_text

MOST_LISTED = 100
MOST_SHOWN = 10_000

audit = typer.Typer(
    help="Audit trail: verify, show / Piste d’audit : vérifier, afficher", no_args_is_help=True
)
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
            raise typer.Exit(NEEDS_A_LOOK) from error
    raise typer.Exit(NEEDS_A_LOOK if count else 0)


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
    """The migrated database and the state folder; what is wrong with the anchor file or with what
    was asked for becomes a sentence as well."""
    with ready_database() as database:
        try:
            yield database, settings_or_exit().home
        except NotFound as error:
            raise stopped(f"audit_cli.{error.key}") from error
        except OSError as error:
            values = {"path": error.filename, "detail": error.strerror}
            raise stopped("audit_cli.unreadable", **values) from error


def _tell(key: str, **values: Any) -> None:
    tell(f"audit_cli.{key}", **values)
