"""Real rows for every relation of data/rights.yml: a viewer, a person, an application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.clock import today
from bot.rights.authorize import Viewer
from bot.store import Application, Person
from tests.support.files import add_application, add_mandate, add_person, add_seat

CHILD, GROWN = timedelta(days=9 * 365), timedelta(days=25 * 365)
_FORMS = {"representative": "IMM5476", "designated_person": "IMM5475"}


@dataclass(frozen=True)
class Standing:
    """The viewer is in the relation to the person on the application."""

    viewer: Viewer
    person_id: int
    application_id: int


class Family:
    """One application with its principal applicant, to be joined by others."""

    def __init__(self, session: Any, **application: Any) -> None:
        self._session = session
        self.application: Application = add_application(session, **application)
        self.principal = self.join("principal_applicant")

    def join(self, role: str, consent_on: date | None = None, **details: Any) -> Person:
        """A new person in this role."""
        person = add_person(self._session, **details)
        add_seat(self._session, self.application, person, role, consent_on)
        return person

    def dependant(self, age: timedelta, **details: Any) -> Person:
        return self.join("dependant", birth_date=today() - age, **details)

    def sponsor(self, consent: bool = False, **details: Any) -> Person:
        return self.join("sponsor", today() if consent else None, **details)

    def mandated(self, role: str, scope: str = "all", **details: Any) -> Person:
        """Somebody with a form in force."""
        party = {"uci": None, "party_id": f"9{self.application.id:07d}"}
        person = self.join(role, **{**party, **details})
        add_mandate(self._session, self.application, person, _FORMS[role], scope=scope)
        return person

    def seen_by(self, viewer: Person, person: Person | None = None) -> Standing:
        return Standing(Viewer(viewer.id), (person or self.principal).id, self.application.id)

    def seen_by_agent(self, assigned: bool) -> Standing:
        queue = frozenset({self.principal.id} if assigned else ())
        return Standing(Viewer(agent="agent-7", assigned=queue), self.principal.id,
                        self.application.id)  # fmt: skip


def _of_stranger(family: Family) -> Standing:
    other = Family(family._session)
    return family.seen_by(other.principal)


BUILDERS: dict[str, Callable[[Family], Standing]] = {
    "self": lambda f: f.seen_by(f.principal),
    "parent_of_minor": lambda f: f.seen_by(f.principal, f.dependant(CHILD)),
    "principal_of_adult": lambda f: f.seen_by(f.principal, f.dependant(GROWN)),
    "other_family": lambda f: f.seen_by(f.dependant(GROWN)),
    "sponsor": lambda f: f.seen_by(f.sponsor()),
    "sponsor_with_consent": lambda f: f.seen_by(f.sponsor(consent=True)),
    "representative": lambda f: f.seen_by(f.mandated("representative")),
    "representative_status_only": lambda f: f.seen_by(f.mandated("representative", "status_only")),
    "designated_person": lambda f: f.seen_by(f.mandated("designated_person")),
    "designated_person_status_only": lambda f: f.seen_by(
        f.mandated("designated_person", "status_only")
    ),
    "agent_assigned": lambda f: f.seen_by_agent(assigned=True),
    "agent_unassigned": lambda f: f.seen_by_agent(assigned=False),
    "stranger": _of_stranger,
    "anonymous": lambda f: Standing(Viewer(), f.principal.id, f.application.id),
}


def stand(session: Any, relation: str, **application: Any) -> Standing:
    """A new family in which somebody is in this relation to somebody else."""
    return BUILDERS[relation](Family(session, **application))
