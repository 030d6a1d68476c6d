"""Which applications a person may read, how far, and whose requests with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.rights.authorize import Rights, Viewer
from bot.rights.relations import CLIENTS, PRINCIPAL
from bot.rights.rows import Seats

# From the most to the least.
LEVELS = (("detail", "read_detail"), ("status", "read_status"), ("own_part", "read_own_part"))


@dataclass(frozen=True)
class Grant:
    """One application; `level` is detail | status | own_part, and `about` holds the other people
    whose given names and requests may be shown with the details."""

    application_id: int
    level: str
    about: frozenset[int] = frozenset()


def readable_applications(session: Any, person_id: int) -> list[Grant]:
    """The applications that `person_id` may read, newest first."""
    rights = Rights(session, Viewer(person_id))
    found = [_grant(rights, number, person_id) for number in sorted(rights.seats, reverse=True)]
    return [grant for grant in found if grant is not None]


def _grant(rights: Rights, application_id: int, viewer_id: int) -> Grant | None:
    seats = rights.seats[application_id]
    subjects = _subjects(seats, viewer_id)
    for level, act in LEVELS:
        if any(rights.of(act, subject, application_id).allowed for subject in subjects):
            about = _about(rights, application_id, viewer_id) if level == "detail" else frozenset()
            return Grant(application_id, level, about)
    return None


def _subjects(seats: Seats, viewer_id: int) -> list[int]:
    """Whose application it is to the viewer: their own, or the principal applicant's."""
    if CLIENTS & seats.roles[viewer_id].keys():
        return [viewer_id]
    return [person for person, roles in seats.roles.items() if PRINCIPAL in roles]


def _about(rights: Rights, application_id: int, viewer_id: int) -> frozenset[int]:
    others = set(rights.seats[application_id].roles) - {viewer_id}
    return frozenset(
        person for person in others if rights.of("read_member", person, application_id).allowed
    )
