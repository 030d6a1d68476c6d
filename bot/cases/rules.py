"""What a JSON Schema cannot say about a record: codes of the line, order of dates, who may be who.

Each rule takes a whole record and raises BadRecord at the first thing that breaks it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from bot.cases.entries import HistoryEntry, Record
from bot.cases.lines import LineOfBusiness, line_of, vocabulary
from bot.cases.reasons import BadRecord, at, because, one_of, wrong
from bot.clock import now

PERMANENT_RESIDENCE = "permanent_residence"
PRINCIPAL_APPLICANT = "principal_applicant"
# Clocks differ a little, and a day begins earlier in an office east of here.
SLACK = timedelta(days=1)
Codes = tuple[str | None, ...]
_NOTHING: tuple[Codes, Codes] = ((None,), (None,))
_MANDATED = {"IMM5476": "representative", "IMM5475": "designated_person"}


def check(record: Record) -> None:
    """Apply every rule.

    Raises:
        BadRecord: with the reason, in both languages.
    """
    line = line_of(record.line)
    _codes(record, line)
    _version(record)
    _dates(record)
    _people(record, line)
    _requirements(record)
    _mandates(record)
    _landing(record, line)
    _history(record)


def _codes(record: Record, line: LineOfBusiness) -> None:
    if record.stream is not None and record.stream not in line.streams:
        raise _not_of_line("stream", line, line.streams)
    for code in record.sections:
        if code not in line.sections:
            raise _not_of_line(at("sections", code), line, line.sections)
    for code in record.documents:
        if code not in vocabulary().documents:
            raise one_of(at("documents", code), code, vocabulary().documents)


def _not_of_line(field: str, line: LineOfBusiness, allowed: tuple[str, ...]) -> BadRecord:
    return because("not_of_line", field=field, line=line.code, allowed=", ".join(allowed) or "-")


def _version(record: Record) -> None:
    # A version from the future would shut out every true one after it.
    if record.as_of > now() + SLACK:
        raise because("future", field="as_of", value=record.as_of.isoformat())
    if record.updated_on > (record.as_of + SLACK).date():
        raise _order("updated_on", record.updated_on, "as_of", record.as_of.date())


def _dates(record: Record) -> None:
    received = ("received_on", record.received_on)
    _in_order(*received, "updated_on", record.updated_on)
    _in_order(*received, "acknowledged_on", record.acknowledged_on)
    _in_order("acknowledged_on", record.acknowledged_on, "updated_on", record.updated_on)
    for code, state in record.sections.items():
        if state.changed_on < record.received_on:
            raise _order(*received, at("sections", code, "changed_on"), state.changed_on)


def _in_order(earlier: str, first: date | None, later: str, second: date | None) -> None:
    if first is not None and second is not None and second < first:
        raise _order(earlier, first, later, second)


def _order(earlier: str, first: date, later: str, second: date) -> BadRecord:
    return because("order", earlier=earlier, earlier_value=first, later=later, later_value=second)


def _people(record: Record, line: LineOfBusiness) -> None:
    count = sum(PRINCIPAL_APPLICANT in person.roles for person in record.people)
    if count != 1:
        raise because("one_principal_applicant", count=count)
    known: dict[Any, str] = {}
    for index, person in enumerate(record.people):
        place = at("people", index)
        # Without an identifier only name and birth date tell people of one file apart.
        own: list[Any] = [value for value in (person.uci, person.party_id) if value is not None]
        for key in own or [(person.family_name, person.given_names, person.birth_date)]:
            _once(known, key, place)
        if "sponsor" in person.roles and line.product != PERMANENT_RESIDENCE:
            raise because("only_permanent_residence", field=f"{place} › roles", line=line.code)
        if person.consent_on is not None:
            _needs_role(record, index, f"{place} › consent_on", ("sponsor",))


def _needs_role(record: Record, person: int, field: str, roles: tuple[str, ...]) -> None:
    if not set(roles) & set(record.people[person].roles):
        raise because(
            "needs_role", field=field, roles=", ".join(roles), person=at("people", person)
        )


def _requirements(record: Record) -> None:
    seen: dict[tuple[str, int], str] = {}
    for index, entry in enumerate(record.requirements):
        place = at("requirements", index)
        _once(seen, (entry.code, entry.person), place)
        _in_order(f"{place} › asked_on", entry.asked_on, f"{place} › due_on", entry.due_on)
        _in_order(f"{place} › asked_on", entry.asked_on, f"{place} › met_on", entry.met_on)
        _in_order("received_on", record.received_on, f"{place} › asked_on", entry.asked_on)


def _mandates(record: Record) -> None:
    seen: dict[tuple[int, str], str] = {}
    for index, entry in enumerate(record.mandates):
        place = at("mandates", index)
        _once(seen, (entry.person, entry.form), place)
        _needs_role(record, entry.person, f"{place} › person", (_MANDATED[entry.form],))
        signed = (f"{place} › signed_on", entry.signed_on)
        _in_order(*signed, f"{place} › valid_until", entry.valid_until)
        _in_order(*signed, f"{place} › cancelled_on", entry.cancelled_on)


def _landing(record: Record, line: LineOfBusiness) -> None:
    if record.landing and line.product != PERMANENT_RESIDENCE:
        raise because("only_permanent_residence", field="landing", line=line.code)
    seen: dict[int, str] = {}
    for index, entry in enumerate(record.landing):
        place = at("landing", index)
        _once(seen, entry.person, place)
        _needs_role(record, entry.person, f"{place} › person", (PRINCIPAL_APPLICANT, "dependant"))
        _in_order(
            "received_on", record.received_on, f"{place} › changed_on", entry.state.changed_on
        )


def _once(seen: dict[Any, str], key: Any, place: str) -> None:
    first = seen.setdefault(key, place)
    if first != place:
        raise because("twice", first=first, second=place)


def _history(record: Record) -> None:
    allowed = _history_codes(record.line)
    before = date.min
    for index, entry in enumerate(record.history):
        if entry.on < before:
            raise because("history_order", field=at("history", index, "on"), value=entry.on)
        before = entry.on
        subjects, states = allowed.get(entry.event, _NOTHING)
        if (
            entry.subject not in subjects
            or entry.after not in states
            or (entry.before is not None and entry.before not in states)
        ):
            raise _wrong_code(index, entry, subjects, states)


@cache
def _history_codes(line: str) -> dict[str, tuple[Codes, Codes]]:
    """{event: (its subjects, its states)}: what history names must have a text on the page."""
    words = vocabulary()
    documents, requirements = tuple(words.documents), tuple(words.requirements)
    return {
        "overall": ((None,), words.overall),
        "section": (line_of(line).sections, words.section_statuses),
        "document": (documents, words.document_statuses),
        "requirement_asked": (requirements, (None,)),
        "requirement_met": (requirements, (None,)),
    }


def _wrong_code(index: int, entry: HistoryEntry, subjects: Codes, states: Codes) -> BadRecord:
    for name, value, choices in (
        ("subject", entry.subject, subjects),
        ("after", entry.after, states),
        ("before", entry.before, states),
    ):
        if value not in choices:
            place = at("history", index, name)
            if choices == (None,):
                return wrong(place, value, "nothing")
            return one_of(place, value, choices)
    raise AssertionError("every code of the entry is allowed")
