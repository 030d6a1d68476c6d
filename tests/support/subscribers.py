"""Many people who subscribed, and the import that changes the cases of all of them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.cases.bulk import insert_rows
from bot.cases.generating import generate
from bot.clock import now
from bot.notices.topics import EMAIL, SMS, TOPICS
from bot.phones.finding import phone_of
from bot.store import Contact, Participant, Person, PhoneLink, Preference

# Where it is about noon now, whenever this is run: quiet hours have tests of their own.
_NOON = "Etc/GMT{:+d}"
LATER = "2026-08-01"


def write_cases(path: Path, cases: int, seed: int, changed: bool = False) -> Path:
    """A file of invented cases; when `changed`, the same ones as of a later day, each with another
    overall status."""
    with path.open("w", encoding="utf-8") as file:
        for record in generate(cases, seed):
            found = _changed(record) if changed else record
            file.write(json.dumps(found, ensure_ascii=False) + "\n")
    return path


def _changed(record: dict[str, Any]) -> dict[str, Any]:
    overall = "in_progress" if record["overall"] == "closed" else "closed"
    return {**record, "overall": overall, "updated_on": LATER, "as_of": f"{LATER}T12:00:00Z"}


def subscribe_everybody(session: Any, texted: int = 0) -> list[int]:
    """Every principal applicant with an e-mail address on file subscribes to all there is,
    `texted` of them by text message instead of e-mail; returns them."""
    rows = session.execute(_applicants())
    people = sorted({number for number, details in rows if details["email"]})
    moment, zone = now(), noon_zone()
    by_text = set(people[:: max(1, len(people) // texted)][:texted]) if texted else set()
    contacts = [(number, "fr" if number % 2 else "en", zone, moment) for number in people]
    insert_rows(
        session, Contact.__table__, ("person_id", "language", "zone", "changed_at"), contacts
    )
    wishes = [
        (number, topic, SMS if number in by_text else EMAIL, True, moment)
        for number in people
        for topic in TOPICS
    ]
    columns = ("person_id", "topic", "channel", "wanted", "changed_at")
    insert_rows(session, Preference.__table__, columns, wishes)
    for place, number in enumerate(sorted(by_text)):
        phone = phone_of(session, f"+1613555{place:04d}", "en")
        until = moment + timedelta(days=90)
        link = {"phone_id": phone.id, "person_id": number, "proven_at": moment, "until": until}
        session.add(PhoneLink(**link))
    return people


def _applicants() -> Any:
    return (
        select(Person.id, Person.details)
        .join(Participant, Participant.person_id == Person.id)
        .where(Participant.role == "principal_applicant")
    )


def noon_zone() -> str:
    """A zone in which it is between noon and one (POSIX signs: Etc/GMT+5 is five hours behind)."""
    behind = (now().hour - 12) % 24
    return _NOON.format(behind if behind <= 12 else behind - 24)
