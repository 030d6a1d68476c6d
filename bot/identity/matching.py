"""Do these details belong to somebody on a file? Compared as the tracker does, field by field."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.store import Participant, Person
from bot.store.keys import BlindIndex
from bot.store.normal import normal_name


@dataclass(frozen=True)
class Details:
    """What the person says of themselves; `uci` and `number` are already in their normal form."""

    uci: str
    number: str
    family_name: str
    given_names: str
    birth_date: date
    birth_place: str


# Compared when there is no such file, so that both ways do the same work.
_NOBODY = ("", "", "", "")


def match(session: Any, secret_key: str, details: Details) -> Person | None:
    """The person all of whose details agree, or None. Every field is compared, whatever the first
    says."""
    person = session.execute(
        select(Person)
        .join(Participant, Participant.person_id == Person.id)
        .where(Participant.lookup == BlindIndex(secret_key).of(details.uci, details.number))
        .limit(1)
    ).scalar_one_or_none()
    ours = _comparable(person) if person else _NOBODY
    theirs = (
        normal_name(details.family_name),
        normal_name(details.given_names),
        details.birth_date.isoformat(),
        normal_name(details.birth_place),
    )
    agree = [hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(ours, theirs, strict=True)]
    return person if person is not None and all(agree) else None


def _comparable(person: Person) -> tuple[str, str, str, str]:
    return (
        normal_name(person.family_name),
        normal_name(person.given_names),
        person.birth_date.isoformat() if person.birth_date else "",
        normal_name(person.birth_place or ""),
    )
