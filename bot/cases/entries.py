"""A record of an import, typed. Tuples: they cross from the reading to the writing process."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class State(NamedTuple):
    """The status of a section or document, or the stage of a landing, since `changed_on`."""

    status: str
    changed_on: date


class HistoryEntry(NamedTuple):
    """`person_id` is known only for events that are found here, not for exported ones."""

    on: date
    event: str
    subject: str | None = None
    before: str | None = None
    after: str | None = None
    person_id: int | None = None


class PersonEntry(NamedTuple):
    """A person of the record; `uci` and `party_id` are normalised."""

    roles: tuple[str, ...]
    uci: str | None
    party_id: str | None
    family_name: str
    given_names: str
    birth_date: date | None
    birth_place: str | None
    language: str
    email: str | None
    phone: str | None
    consent_on: date | None


class RequirementEntry(NamedTuple):
    """`person` is an index into Record.people, here and below."""

    code: str
    person: int
    asked_on: date
    due_on: date | None
    met_on: date | None


class MandateEntry(NamedTuple):
    person: int
    form: str
    scope: str
    signed_on: date
    valid_until: date | None
    cancelled_on: date | None


class LandingEntry(NamedTuple):
    person: int
    state: State


class Record(NamedTuple):
    """One application as exported. `as_of` is aware UTC; `fingerprint` (16 bytes) covers
    everything but `as_of` and `history`."""

    number: str
    line: str
    stream: str | None
    received_on: date
    acknowledged_on: date | None
    overall: str
    updated_on: date
    as_of: datetime
    fingerprint: bytes
    sections: dict[str, State]
    documents: dict[str, State]
    history: tuple[HistoryEntry, ...]
    people: tuple[PersonEntry, ...]
    requirements: tuple[RequirementEntry, ...]
    mandates: tuple[MandateEntry, ...]
    landing: tuple[LandingEntry, ...]
