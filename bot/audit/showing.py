"""Reading the trail: who was shown or changed what. It is a disclosure too, and is written down."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.audit.chain import Row
from bot.audit.recording import record
from bot.audit.stored import ENTRY, any_text, newest_rows
from bot.store import Application, Person, keys_of
from bot.store.normal import normal_number, normal_uci

SHOWN = "audit.shown"


class NotFound(Exception):
    """`key` of the texts `audit_cli` says what was asked for and is not there."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Wanted:
    """Which rows: of this application and person (ids), from this moment on, of this act; the
    newest `limit`."""

    application_id: int | None = None
    person_id: int | None = None
    since: datetime | None = None
    act: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class Shown:
    """A row, as it is stored, with the identifiers by which an operator knows the application and
    the person; None when they are gone from the database."""

    entry: Row
    number: str | None
    person: str | None


def application_named(session: Any, number: str) -> int:
    """The id of the application with this number, in any usual spelling.

    Raises:
        NotFound
    """
    plain = normal_number(number)
    if plain is None:
        raise NotFound("not_a_number")
    indexes = keys_of(session).indexes("number", plain)
    return _one(session, Application.id, Application.number_index.in_(indexes), "no_application")


def person_named(session: Any, uci: str) -> int:
    """The id of the person with this UCI, in any usual spelling.

    Raises:
        NotFound
    """
    plain = normal_uci(uci)
    if plain is None:
        raise NotFound("not_a_uci")
    indexes = keys_of(session).indexes("uci", plain)
    return _one(session, Person.id, Person.uci_index.in_(indexes), "no_person")


def show(session: Any, wanted: Wanted, agent: str) -> list[Shown]:
    """The rows, newest first, one more than wanted if there are more; that `agent` was shown them
    is written in the same transaction.

    Raises:
        AuditBroken: it cannot be written, so nothing may be shown.
    """
    with any_text(session):
        entries = newest_rows(session, _conditions(wanted), wanted.limit + 1)
    numbers = _known(session, Application, {entry.application_id for entry in entries})
    people = _known(session, Person, {entry.person_id for entry in entries})
    shown = [
        Shown(
            entry,
            _number(numbers.get(entry.application_id)),
            _identifier(people.get(entry.person_id)),
        )
        for entry in entries
    ]
    _write_down(session, wanted, agent, len(shown))
    return shown


def _conditions(wanted: Wanted) -> list[Any]:
    equal = {name: getattr(wanted, name) for name in ("application_id", "person_id", "act")}
    conditions = [ENTRY[name] == value for name, value in equal.items() if value is not None]
    if wanted.since is not None:
        conditions.append(ENTRY.at >= wanted.since)
    return conditions


def _write_down(session: Any, wanted: Wanted, agent: str, rows: int) -> None:
    filters = asdict(wanted)
    about = {name: filters.pop(name) for name in ("application_id", "person_id")}
    filters["since"] = wanted.since.isoformat() if wanted.since else None
    record(session, SHOWN, agent=agent, **about, **filters, rows=min(rows, wanted.limit))


def _one(session: Any, column: Any, condition: Any, key: str) -> int:
    found = session.scalar(select(column).where(condition))
    if found is None:
        raise NotFound(key)
    return int(found)


def _known(session: Any, table: Any, ids: set[int | None]) -> dict[int | None, Any]:
    return {row.id: row for row in session.scalars(select(table).where(table.id.in_(ids - {None})))}


def _number(application: Application | None) -> str | None:
    return application.number if application else None


def _identifier(person: Person | None) -> str | None:
    return (person.uci or person.party_id) if person else None
