"""Whose landing it is, and who does something about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from bot.clock import today
from bot.landing.machine import AGENT, PERSON, SERVICE
from bot.rights.ages import is_minor
from bot.store import Participant, Person


class Place(NamedTuple):
    """The landing of one person on one application."""

    application_id: int
    person_id: int


@dataclass(frozen=True)
class Actor:
    """A person who proved who they are (in `conversation_id`), an agent, or else the service."""

    person_id: int | None = None
    agent: str | None = None
    conversation_id: str | None = None

    @property
    def kind(self) -> str:
        if self.person_id is not None:
            return PERSON
        return SERVICE if self.agent is None else AGENT


THE_SERVICE = Actor()


def writes_to(session: Any, place: Place) -> Person:
    """Whom notices go to: the person, or, for a child under 18, the principal applicant."""
    person: Person = session.get(Person, place.person_id)
    if not is_minor(person.birth_date, today()):
        return person
    parent = session.execute(
        select(Person)
        .join(Participant, Participant.person_id == Person.id)
        .where(
            Participant.application_id == place.application_id,
            Participant.role == "principal_applicant",
        )
        .limit(1)
    ).scalar_one_or_none()
    return parent or person
