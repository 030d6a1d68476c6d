"""What a batch changed, written to the database in few, large statements."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import delete

from bot.cases.applying import Applying
from bot.cases.bulk import insert_rows, update_rows
from bot.cases.people import KnownPerson
from bot.cases.state import APPLICATION_FIELDS, TABLES, Case, Table, chunks
from bot.store import Application, History, Person, keys_of

_PERSON_COLUMNS = ("uci_index", "party_index", "details", "language", "as_of")
_APPLICATION_COLUMNS = ("id", "number", *APPLICATION_FIELDS)
_HISTORY_COLUMNS = (
    "application_id", "position", "happened_on", "event", "subject", "before", "after", "person_id",
)  # fmt: skip
_new_application = attrgetter(*_APPLICATION_COLUMNS)
_application = attrgetter("id", *APPLICATION_FIELDS)


def write(session: Any, applied: Applying) -> None:
    """Write people first, then applications, then the rows that refer to both."""
    _write_people(session, applied.people.by_id.values())
    cases = applied.cases.values()
    _write_applications(session, cases)
    for name, table in TABLES.items():
        _write_rows(session, name, table, cases)
    rows = [
        (case.id, position, *event)
        for case in cases
        for position, event in enumerate(case.events, case.next_position)
    ]
    insert_rows(session, History.__table__, _HISTORY_COLUMNS, rows)


def _write_people(session: Any, people: Iterable[KnownPerson]) -> None:
    keys, columns = keys_of(session), itemgetter("id", *_PERSON_COLUMNS)
    new = [columns(person.columns(keys)) for person in people if person.is_new]
    changed = [columns(p.columns(keys)) for p in people if p.changed and not p.is_new]
    insert_rows(session, Person.__table__, ("id", *_PERSON_COLUMNS), new)
    update_rows(session, Person.__table__, _PERSON_COLUMNS, changed)


def _write_applications(session: Any, cases: Iterable[Case]) -> None:
    table = Application.__table__
    keys = keys_of(session)
    new = [
        (keys.index("number", case.number), *_new_application(case))
        for case in cases
        if case.is_new
    ]
    changed = [_application(c) for c in cases if not c.is_new and "application" in c.changed]
    insert_rows(session, table, ("number_index", *_APPLICATION_COLUMNS), new)
    update_rows(session, table, APPLICATION_FIELDS, changed)


def _write_rows(session: Any, name: str, table: Table, cases: Iterable[Case]) -> None:
    """The rows of new applications, and anew those of stored ones that differ."""
    stored = [case.id for case in cases if not case.is_new and name in case.changed]
    for chunk in chunks(stored):
        session.execute(delete(table.table).where(table.table.c.application_id.in_(chunk)))
    rows = [
        (case.id, *key, *values)
        for case in cases
        if case.is_new or name in case.changed
        for key, values in case.tables[name].items()
    ]
    insert_rows(session, table.table, ("application_id", *table.key, *table.values), rows)
