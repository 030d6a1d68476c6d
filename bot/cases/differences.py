"""What a record wants to be stored, and what changed against what is stored: the new history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.cases.entries import HistoryEntry, Record
from bot.cases.lines import vocabulary
from bot.cases.people import KnownPerson
from bot.cases.state import Case, Rows
from bot.store import Keys


def wanted_rows(record: Record, people: list[KnownPerson], keys: Keys) -> dict[str, Rows]:
    """The rows of every table of state.TABLES; `people` in the order of the record."""
    ids = [person.id for person in people]
    return {
        "section": {(code,): state for code, state in record.sections.items()},
        "document": {(code,): state for code, state in record.documents.items()},
        "requirement": {
            (e.code, ids[e.person]): (e.asked_on, e.due_on, e.met_on) for e in record.requirements
        },
        "participant": {
            (person.id, role): (
                _lookup(keys, person.identifier_as(role), record.number),
                entry.consent_on if role == "sponsor" else None,
            )
            for person, entry in zip(people, record.people, strict=True)
            for role in entry.roles
        },
        "mandate": {
            (ids[e.person], e.form): (e.scope, e.signed_on, e.valid_until, e.cancelled_on)
            for e in record.mandates
        },
        "landing": {(ids[e.person],): e.state for e in record.landing},
    }


def _lookup(keys: Keys, identifier: str | None, number: str) -> bytes | None:
    return keys.index("lookup", identifier, number) if identifier else None


def merged_landing(stored: Rows, wanted: Rows, people: list[KnownPerson]) -> Rows:
    """Landing goes on in Passage too, between two exports: for each person the later stage stays.

    Two stages of one day: the one further down data/lines.yml. What the export is silent about
    stays as well, for as long as the person is on the file.
    """
    here = {(person.id,) for person in people}
    merged = {key: values for key, values in stored.items() if key in here}
    for key, values in wanted.items():
        if key not in merged or _later(values) > _later(merged[key]):
            merged[key] = values
    return merged


def _later(values: tuple[Any, ...]) -> tuple[date, int]:
    stage, changed_on = values
    return changed_on, vocabulary().landing_stages.index(stage)


def first_events(record: Record) -> list[HistoryEntry]:
    """The history of an application that is new here."""
    if record.history:
        return list(record.history)
    events = [HistoryEntry(record.received_on, "received")]
    if record.acknowledged_on is not None:
        events.append(HistoryEntry(record.acknowledged_on, "acknowledged"))
    return events


def new_events(case: Case, record: Record, rows: dict[str, Rows]) -> list[HistoryEntry]:
    """What the record changes, oldest first; empty when nothing that has a word of its own."""
    events = []
    if case.acknowledged_on is None and record.acknowledged_on is not None:
        events.append(HistoryEntry(record.acknowledged_on, "acknowledged"))
    for name in ("section", "document"):
        events += _state_events(name, case.tables[name], rows[name])
    events += _requirement_events(case.tables["requirement"], rows["requirement"])
    # Last of its day: a file is closed after whatever else happened.
    if case.overall != record.overall:
        state = (None, case.overall, record.overall)
        events.append(HistoryEntry(record.updated_on, "overall", *state))
    return sorted(events, key=lambda event: event.on)


def _state_events(name: str, stored: Rows, wanted: Rows) -> Iterator[HistoryEntry]:
    for (code,), (status, changed_on) in wanted.items():
        before = stored.get((code,), (None,))[0]
        # A section that only now appears and has not begun is no news.
        if status not in (before, before or "not_started"):
            yield HistoryEntry(changed_on, name, code, before, status)


def _requirement_events(stored: Rows, wanted: Rows) -> Iterator[HistoryEntry]:
    for key, (asked_on, _, met_on) in wanted.items():
        code, person_id = key
        was_asked_on, _, was_met_on = stored.get(key, (None, None, None))
        if asked_on != was_asked_on:
            yield HistoryEntry(asked_on, "requirement_asked", code, person_id=person_id)
        if met_on is not None and met_on != was_met_on:
            yield HistoryEntry(met_on, "requirement_met", code, person_id=person_id)
