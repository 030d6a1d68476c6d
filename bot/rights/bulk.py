"""The same decisions as bot/rights/authorize.py for many applications: three queries for all.

An import that changes thousands of cases asks for each of them who may be told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.clock import today
from bot.rights.authorize import MATRIX, REFUSED
from bot.rights.mandates import Scopes, scopes_of_all
from bot.rights.matrix import widest
from bot.rights.relations import CLIENTS, PRINCIPAL, relations
from bot.rights.rows import Roles, Seats, minors_of
from bot.store import Participant


class RightsOnMany:
    """Read once, then any number of cells decided; to be used at once, not kept."""

    def __init__(self, session: Any, application_ids: Collection[int]) -> None:
        self._day: date = today()
        self._roles = _roles(session, application_ids)
        self._scopes: Mapping[tuple[int, int], Scopes] = scopes_of_all(
            session, application_ids, self._day
        )
        dependants = {
            person
            for people in self._roles.values()
            for person, roles in people.items()
            if "dependant" in roles
        }
        self._minors = minors_of(session, dependants, self._day)

    def may(self, viewer_id: int, act: str, person_id: int | None, application_id: int) -> bool:
        """Whether the viewer may do `act` about the person on the application; without a person,
        about what the application is to them: their own part, or the principal applicant's."""
        roles = self._roles.get(application_id, {})
        if viewer_id not in roles:
            return False
        seats = Seats(
            roles,
            self._scopes.get((application_id, viewer_id), {}),
            self._minors.intersection(roles),
        )
        subjects = [person_id] if person_id is not None else _subjects(seats, viewer_id)
        return any(
            widest([MATRIX[act][found] for found in relations(seats, viewer_id, each, self._day)])
            not in REFUSED
            for each in subjects
        )


def _subjects(seats: Seats, viewer_id: int) -> list[int]:
    if CLIENTS & seats.roles[viewer_id].keys():
        return [viewer_id]
    return [person for person, roles in seats.roles.items() if PRINCIPAL in roles]


def _roles(session: Any, application_ids: Collection[int]) -> dict[int, dict[int, Roles]]:
    rows = session.execute(
        select(
            Participant.application_id,
            Participant.person_id,
            Participant.role,
            Participant.consent_on,
        ).where(Participant.application_id.in_(application_ids))
    )
    found: dict[int, dict[int, dict[str, date | None]]] = {}
    for row in rows:
        people = found.setdefault(row.application_id, {})
        people.setdefault(row.person_id, {})[row.role] = row.consent_on
    return found  # type: ignore[return-value]
