"""What a batch changed, written to the database in few, large statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from bot.cases.applying import Applying
from bot.cases.people import DETAILS, PERSON_FIELDS, KnownPerson
from bot.cases.state import APPLICATION_FIELDS, TABLES, Case, Table, chunks
from bot.store import Application, History, Person

_PERSON = Person.__table__
_APPLICATION = Application.__table__
_HISTORY = History.__table__
_CHANGING = ("uci", "party_id", *DETAILS, "as_of")


def write(session: Any, applied: Applying) -> None:
    """Write people first, then applications, then the rows that refer to both."""
    _write_people(session, applied.people.by_id.values())
    cases = applied.cases.values()
    _write_applications(session, cases)
    for name, table in TABLES.items():
        _write_rows(session, name, table, cases)
    _insert(session, _HISTORY, [row for case in cases for row in _history(case)])


def _write_people(session: Any, people: Iterable[KnownPerson]) -> None:
    new = [_values(person, PERSON_FIELDS) for person in people if person.is_new]
    _insert(session, _PERSON, new)
    _update(
        session,
        _PERSON,
        _CHANGING,
        [person for person in people if person.changed and not person.is_new],
    )


def _write_applications(session: Any, cases: Iterable[Case]) -> None:
    fields = ("id", "number", *APPLICATION_FIELDS)
    _insert(session, _APPLICATION, [_values(case, fields) for case in cases if case.is_new])
    changed = [case for case in cases if not case.is_new and "application" in case.changed]
    _update(session, _APPLICATION, APPLICATION_FIELDS, changed)


def _write_rows(session: Any, name: str, table: Table, cases: Iterable[Case]) -> None:
    """The rows of new applications, and anew those of stored ones that differ."""
    stored = [case for case in cases if not case.is_new and name in case.changed]
    for chunk in chunks([case.id for case in stored]):
        session.execute(delete(table.table).where(table.table.c.application_id.in_(chunk)))
    columns = ("application_id", *table.key, *table.values)
    _insert(
        session,
        table.table,
        [
            dict(zip(columns, (case.id, *key, *values), strict=True))
            for case in cases
            if case.is_new or name in case.changed
            for key, values in case.tables[name].items()
        ],
    )


def _history(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "application_id": case.id,
            "position": position,
            "happened_on": event.on,
            "event": event.event,
            "subject": event.subject,
            "before": event.before,
            "after": event.after,
        }
        for position, event in enumerate(case.events, case.next_position)
    ]


def _insert(session: Any, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _update(session: Any, table: Any, fields: Sequence[str], changed: Sequence[Any]) -> None:
    if changed:
        rows = [{"row_id": entry.id, **_values(entry, fields)} for entry in changed]
        session.execute(update(table).where(table.c.id == bindparam("row_id")), rows)


def _values(entry: Any, fields: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in fields}
