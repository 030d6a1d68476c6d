"""Files full of landing canaries, and people who only help with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from bot.cases.lines import vocabulary
from bot.clock import today
from bot.store import Document, History, Landing, Requirement, Section
from bot.texts import catalogue
from tests.support.files import DAY, add_mandate, add_seat
from tests.support.standing import CHILD, GROWN, Family

# In every sentence about a stage; and the year in which every stage is said to have changed.
CANARY, CANARY_DAY = "LANDINGCANARY", date(1977, 7, 7)
TOKENS = (CANARY, str(CANARY_DAY.year))
HELPERS = [
    (role, scope)
    for role in ("representative", "designated_person")
    for scope in ("all", "status_only")
]


@dataclass(frozen=True)
class Helped:
    """A helper with the numbers of the files on which they help, and an applicant of one."""

    helper_id: int
    applicant_id: int
    numbers: tuple[str, ...]


@contextmanager
def canary_sentences() -> Iterator[None]:
    """Every sentence that a landing stage has becomes a canary, in both languages."""
    told = ("case.landing.", "landing.now.", "landing.step.", "landing.title", "landing.reason.")
    texts = {k: entry for k, entry in catalogue().items() if k.startswith(told)}
    before = {key: dict(entry) for key, entry in texts.items()}
    for key, entry in texts.items():
        entry.update({lang: f"{CANARY} {lang} {key.rpartition('.')[2]}" for lang in entry})
    try:
        yield
    finally:
        for key, entry in texts.items():
            entry.update(before[key])


def add_helped(session: Any, rng: Random, role: str, scope: str) -> Helped:
    """Somebody who helps with two closed files. Every person on them has a stage, the helper too,
    for whom no importer would write one: it must not be told either."""
    families = [_family(session, rng) for _ in range(2)]
    helper = families[0].mandated(role, scope)
    form = "IMM5476" if role == "representative" else "IMM5475"
    add_seat(session, families[1].application, helper, role)
    add_mandate(session, families[1].application, helper, form, scope=scope)
    for family in families:
        _land(session, rng, family, helper)
    numbers = tuple(family.application.number for family in families)
    return Helped(int(helper.id), int(families[0].principal.id), numbers)


def _family(session: Any, rng: Random) -> Family:
    family = Family(session, overall="closed", acknowledged_on=DAY, updated_on=today())
    number = family.application.id
    codes = [code for code in vocabulary().lines["family_spouse"].sections]
    session.add_all([Section(application_id=number, code=code, status="completed", changed_on=DAY)
                     for code in codes])  # fmt: skip
    session.add(Document(application_id=number, code="medical_exam", status="passed",
                         changed_on=DAY))  # fmt: skip
    session.add(History(application_id=number, position=0, on=DAY, event="received"))
    for person in (family.principal, family.dependant(CHILD), family.dependant(GROWN)):
        _land(session, rng, family, person)
        if rng.random() < 0.5:
            session.add(Requirement(application_id=number, code="passport", person_id=person.id,
                                    asked_on=DAY))  # fmt: skip
    return family


def _land(session: Any, rng: Random, family: Family, person: Any) -> None:
    stage = rng.choice(vocabulary().landing_stages)
    session.add(
        Landing(
            application_id=family.application.id,
            person_id=person.id,
            stage=stage,
            changed_on=CANARY_DAY,
        )
    )
    session.flush()
