"""The live rows that rights are decided from: who stands on an application, and by which form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.rights.ages import is_minor
from bot.rights.mandates import Scopes, scopes_in_force
from bot.store import Participant, Person
from bot.store.cases import as_date

Roles = Mapping[str, "date | None"]  # role -> the day of the consent that goes with it


@dataclass(frozen=True)
class Seats:
    """One application as rights see it: `roles` of each person on it, the viewer's `scopes` by a
    mandate in force, and which dependants are under 18."""

    roles: Mapping[int, Roles]
    scopes: Scopes
    minors: frozenset[int]


def seats_of(
    session: Any, viewer_id: int | None, application_id: int | None, day: date
) -> dict[int, Seats]:
    """The seats of this application, or of every one that the viewer stands on; three queries.

    Columns are read, not objects: a session would hand out what it read before.
    """
    query = select(
        Participant.application_id, Participant.person_id, Participant.role, Participant.consent_on
    )
    if application_id is None:
        own = select(Participant.application_id).where(Participant.person_id == viewer_id)
        query = query.where(Participant.application_id.in_(own))
    else:
        query = query.where(Participant.application_id == application_id)
    roles: dict[int, dict[int, dict[str, date | None]]] = {}
    for row in session.execute(query):
        people = roles.setdefault(row.application_id, {})
        people.setdefault(row.person_id, {})[row.role] = row.consent_on
    scopes = scopes_in_force(session, roles, viewer_id, day) if viewer_id is not None else {}
    minors = minors_of(session, _dependants(roles.values()), day)
    return {
        number: Seats(people, scopes.get(number, {}), minors.intersection(people))
        for number, people in roles.items()
    }


def _dependants(seated: Collection[Mapping[int, Roles]]) -> set[int]:
    return {p for people in seated for p, roles in people.items() if "dependant" in roles}


def minors_of(session: Any, people: set[int], day: date) -> frozenset[int]:
    if not people:
        return frozenset()
    rows = session.execute(select(Person.id, Person.details).where(Person.id.in_(people)))
    return frozenset(r.id for r in rows if is_minor(as_date(r.details["birth_date"]), day))
