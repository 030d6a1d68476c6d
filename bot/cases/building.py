"""From the raw JSON of a record, already valid by the schema, to its types and normal forms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timezone
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from bot.cases.entries import (
    HistoryEntry,
    LandingEntry,
    MandateEntry,
    PersonEntry,
    Record,
    RequirementEntry,
    State,
)
from bot.cases.reasons import BadRecord, at, because, quoted, wrong
from bot.store.normal import normal_number, normal_party_id, normal_uci

# Not part of a record's content: its version, and the history that only a first import uses.
_NOT_CONTENT = ("as_of", "history")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# One object per day: faster to make, and smaller on its way to the writing process.
_day = lru_cache(maxsize=100_000)(date.fromisoformat)


def build(raw: dict[str, Any]) -> Record:
    """The record, typed and normalised.

    Raises:
        BadRecord: an impossible date, a malformed identifier, or a person that is not there.
    """
    try:
        refs = _refs(raw["people"])
        people = tuple(_person(index, entry) for index, entry in enumerate(raw["people"]))
        return Record(
            number=_number(raw["application_number"]),
            line=raw["line"],
            stream=raw.get("stream"),
            received_on=_day(raw["received_on"]),
            acknowledged_on=_optional_day(raw.get("acknowledged_on")),
            overall=raw["overall"],
            updated_on=_day(raw["updated_on"]),
            as_of=_moment(raw["as_of"]),
            fingerprint=_fingerprint(raw),
            sections=_states(raw.get("sections", {})),
            documents=_states(raw.get("documents", {})),
            history=tuple(
                HistoryEntry(
                    _day(e["on"]), e["event"], e.get("subject"), e.get("before"), e.get("after")
                )
                for e in raw.get("history", ())
            ),
            people=people,
            requirements=_requirements(raw.get("requirements", ()), refs),
            mandates=_mandates(raw.get("mandates", ()), refs),
            landing=_landing(raw.get("landing", ()), refs),
        )
    except ValueError:
        raise _impossible_day(raw) from None


def _refs(people: list[dict[str, Any]]) -> dict[str, int]:
    refs: dict[str, int] = {}
    for index, entry in enumerate(people):
        first = refs.setdefault(entry["ref"], index)
        if first != index:
            raise because(
                "twice", first=at("people", first, "ref"), second=at("people", index, "ref")
            )
    return refs


def _number(value: str) -> str:
    number = normal_number(value)
    if number is None:
        raise wrong("application_number", value, "application_number")
    return number


def _person(index: int, entry: dict[str, Any]) -> PersonEntry:
    uci, party_id = entry.get("uci"), entry.get("party_id")
    normal = normal_uci(uci) if uci is not None else None
    if uci is not None and normal is None:
        raise wrong(at("people", index, "uci"), uci, "uci")
    party = normal_party_id(party_id) if party_id is not None else None
    if party_id is not None and party is None:
        raise wrong(at("people", index, "party_id"), party_id, "party_id")
    return PersonEntry(
        roles=tuple(entry["roles"]),
        uci=normal,
        party_id=party,
        family_name=entry["family_name"].strip(),
        given_names=entry["given_names"].strip(),
        birth_date=_optional_day(entry.get("birth_date")),
        birth_place=(entry.get("birth_place") or "").strip() or None,
        language=entry["language"],
        email=entry.get("email"),
        phone=entry.get("phone"),
        consent_on=_optional_day(entry.get("consent_on")),
    )


def _requirements(
    entries: list[dict[str, Any]], refs: dict[str, int]
) -> tuple[RequirementEntry, ...]:
    return tuple(
        RequirementEntry(
            e["code"],
            _ref(refs, e["person"], "requirements", index),
            _day(e["asked_on"]),
            _optional_day(e.get("due_on")),
            _optional_day(e.get("met_on")),
        )
        for index, e in enumerate(entries)
    )


def _mandates(entries: list[dict[str, Any]], refs: dict[str, int]) -> tuple[MandateEntry, ...]:
    return tuple(
        MandateEntry(
            _ref(refs, e["person"], "mandates", index),
            e["form"],
            e["scope"],
            _day(e["signed_on"]),
            _optional_day(e.get("valid_until")),
            _optional_day(e.get("cancelled_on")),
        )
        for index, e in enumerate(entries)
    )


def _landing(entries: list[dict[str, Any]], refs: dict[str, int]) -> tuple[LandingEntry, ...]:
    return tuple(
        LandingEntry(
            _ref(refs, e["person"], "landing", index), State(e["stage"], _day(e["changed_on"]))
        )
        for index, e in enumerate(entries)
    )


def _ref(refs: dict[str, int], ref: str, field: str, index: int) -> int:
    if ref not in refs:
        raise because("unknown_person", field=at(field, index, "person"), value=quoted(ref))
    return refs[ref]


def _states(entries: dict[str, dict[str, Any]]) -> dict[str, State]:
    return {code: State(e["status"], _day(e["changed_on"])) for code, e in entries.items()}


def _optional_day(value: str | None) -> date | None:
    return None if value is None else _day(value)


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(timezone.utc)


def _fingerprint(raw: dict[str, Any]) -> bytes:
    content = {key: value for key, value in raw.items() if key not in _NOT_CONTENT}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).digest()


def _impossible_day(raw: dict[str, Any]) -> BadRecord:
    """The reason for the first date that the calendar does not have, such as 2026-02-30."""
    for steps, value in _texts(raw, ()):
        if _DAY.match(value):
            try:
                datetime.fromisoformat(value.replace("Z", "+00:00"))
            except ValueError:
                return wrong(at(*steps), value, "date" if _DAY.fullmatch(value) else "moment")
    raise AssertionError("every date of the record exists")


def _texts(node: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(node, str):
        yield steps, node
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from _texts(child, (*steps, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _texts(child, (*steps, index))
