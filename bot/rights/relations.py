"""What the viewer is to a person on an application: a set of the columns of data/rights.yml."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.rights.rows import Seats

PRINCIPAL = "principal_applicant"
STRANGER = "stranger"
CLIENTS = frozenset({PRINCIPAL, "dependant"})
FAMILY = CLIENTS | {"sponsor"}
# A scope that is not here gives nothing.
_BY_MANDATE = {
    ("representative", "all"): "representative",
    ("representative", "status_only"): "representative_status_only",
    ("designated_person", "all"): "designated_person",
    ("designated_person", "status_only"): "designated_person_status_only",
}


def relations(seats: Seats, viewer_id: int, person_id: int, day: date) -> frozenset[str]:
    """The relations of the viewer to the person on this application; {"stranger"} when none."""
    mine, theirs = seats.roles.get(viewer_id), seats.roles.get(person_id)
    if not mine or not theirs:
        return frozenset({STRANGER})
    if viewer_id == person_id and CLIENTS & mine.keys():
        # Nobody represents or sponsors themself: what they are to others does not count here.
        return frozenset({"self"})
    found = {
        *_by_family(seats, viewer_id, person_id),
        *_by_sponsorship(seats, viewer_id, person_id, day),
        *_by_mandate(seats, viewer_id, person_id),
    }
    return frozenset(found) or frozenset({STRANGER})


def _by_family(seats: Seats, viewer_id: int, person_id: int) -> Iterator[str]:
    mine, theirs = seats.roles[viewer_id], seats.roles[person_id]
    if viewer_id == person_id or not CLIENTS & mine.keys() or not FAMILY & theirs.keys():
        return
    if PRINCIPAL not in mine or "dependant" not in theirs:
        yield "other_family"
    elif person_id in seats.minors:
        yield "parent_of_minor"
    else:
        yield "principal_of_adult"


def _by_sponsorship(seats: Seats, viewer_id: int, person_id: int, day: date) -> Iterator[str]:
    mine, theirs = seats.roles[viewer_id], seats.roles[person_id]
    if "sponsor" not in mine or not (viewer_id == person_id or CLIENTS & theirs.keys()):
        return
    consent_on = mine["sponsor"]
    agreed = consent_on is not None and consent_on <= day and _covered(seats, viewer_id, person_id)
    yield "sponsor_with_consent" if agreed else "sponsor"


def _by_mandate(seats: Seats, viewer_id: int, person_id: int) -> Iterator[str]:
    """A form counts for the role that the viewer still has, towards those whom it covers."""
    for role, scope in seats.scopes.items():
        relation = _BY_MANDATE.get((role, scope))
        if relation and role in seats.roles[viewer_id] and _covered(seats, viewer_id, person_id):
            yield relation


def _covered(seats: Seats, viewer_id: int, person_id: int) -> bool:
    """What the principal applicant signs is for them and the children under 18; dependants of 18
    and more sign their own (knowledge: domain, section 7), and whose it is is not on file."""
    is_principal = PRINCIPAL in seats.roles[person_id]
    return viewer_id == person_id or is_principal or person_id in seats.minors
