"""Applications as they are stored, as much of them as one batch of an import needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from bot.cases.entries import HistoryEntry, Record
from bot.store import (
    Application,
    Document,
    History,
    Landing,
    Mandate,
    Participant,
    Requirement,
    Section,
    keys_of,
)

# Well below the number of parameters that either database takes in one statement.
CHUNK = 1_000

Rows = dict[tuple[Any, ...], tuple[Any, ...]]  # key columns -> value columns


class Table(NamedTuple):
    """A table of rows that belong to one application and are replaced by a newer record."""

    table: Any
    key: tuple[str, ...]
    values: tuple[str, ...]


TABLES = {
    "section": Table(Section.__table__, ("code",), ("status", "changed_on")),
    "document": Table(Document.__table__, ("code",), ("status", "changed_on")),
    "requirement": Table(
        Requirement.__table__, ("code", "person_id"), ("asked_on", "due_on", "met_on")
    ),
    "participant": Table(Participant.__table__, ("person_id", "role"), ("lookup", "consent_on")),
    "mandate": Table(
        Mandate.__table__,
        ("person_id", "form"),
        ("scope", "signed_on", "valid_until", "cancelled_on"),
    ),
    "landing": Table(Landing.__table__, ("person_id",), ("stage", "changed_on")),
}
APPLICATION_FIELDS = (
    "line", "stream", "received_on", "acknowledged_on", "overall", "updated_on", "as_of",
    "fingerprint",
)  # fmt: skip


@dataclass
class Case:
    """One application while a batch is applied to it.

    `tables` holds the wanted rows of each table of TABLES once they are known; `changed` names
    those that differ from what is stored; `events` are to be added from `next_position` on.
    """

    id: int
    number: str
    line: str
    stream: str | None
    received_on: date
    acknowledged_on: date | None
    overall: str
    updated_on: date
    as_of: datetime
    fingerprint: bytes
    is_new: bool = False
    tables: dict[str, Rows] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    events: list[HistoryEntry] = field(default_factory=list)
    next_position: int = 0

    @classmethod
    def added(cls, case_id: int, record: Record) -> Case:
        fields = dict(zip(APPLICATION_FIELDS, _fields(record), strict=True))
        return cls(id=case_id, number=record.number, is_new=True, **fields)

    def take(self, record: Record) -> bool:
        """Take the record's own fields over; False when none but `as_of` and `fingerprint`
        differs."""
        before, after = _fields(self), _fields(record)
        for name, value in zip(APPLICATION_FIELDS, after, strict=True):
            setattr(self, name, value)
        self.changed.add("application")
        return before[:-2] != after[:-2]


def _fields(source: Case | Record) -> list[Any]:
    return [getattr(source, name) for name in APPLICATION_FIELDS]


def load_cases(session: Any, numbers: Iterable[str]) -> dict[str, Case]:
    """The stored applications with these numbers, without their rows in other tables."""
    columns = [getattr(Application, name) for name in ("id", "number", *APPLICATION_FIELDS)]
    keys = keys_of(session)
    wanted = {index for number in set(numbers) for index in keys.indexes("number", number)}
    return {
        row.number: Case(*row)
        for chunk in chunks(sorted(wanted))
        for row in session.execute(select(*columns).where(Application.number_index.in_(chunk)))
    }


def load_rows(session: Any, cases: Sequence[Case]) -> None:
    """Fill `tables` and `next_position` of stored applications."""
    by_id = {case.id: case for case in cases}
    for case in cases:
        case.tables = {name: {} for name in TABLES}
    for chunk in chunks(sorted(by_id)):
        for name, (table, key, values) in TABLES.items():
            columns = [table.c[c] for c in ("application_id", *key, *values)]
            # Locked: a landing that moves on meanwhile must not be overwritten.
            query = select(*columns).where(table.c.application_id.in_(chunk)).with_for_update()
            for application_id, *rest in session.execute(query):
                rows = by_id[application_id].tables[name]
                rows[tuple(rest[: len(key)])] = tuple(rest[len(key) :])
        query = (
            select(History.application_id, func.max(History.position))
            .where(History.application_id.in_(chunk))
            .group_by(History.application_id)
        )
        for application_id, position in session.execute(query):
            by_id[application_id].next_position = position + 1


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
