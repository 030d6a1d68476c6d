"""Who may see what: one function, live rows, deny by default.

This is the part the first release needs (reading a case); the full matrix of rights comes with the
issue on identity and is asked through the same function.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.clock import today
from bot.store import Mandate, Participant

# Which roles may read a whole case, and which only how it stands overall.
FULL = frozenset({"principal_applicant", "dependant"})
BY_MANDATE = {"representative": "IMM5476", "designated_person": "IMM5475"}
COARSE = frozenset({"sponsor"})


@dataclass(frozen=True)
class Grant:
    """One application this person may see; `full` also allows sections, requests and history."""

    application_id: int
    full: bool


def readable_applications(session: Any, person_id: int) -> list[Grant]:
    """The applications `person_id` may read, newest first."""
    roles = session.execute(select(Participant).where(Participant.person_id == person_id)).scalars()
    best: dict[int, bool] = {}
    for row in roles:
        full = _reads_whole(session, row)
        if full is not None:
            best[row.application_id] = best.get(row.application_id, False) or full
    return [Grant(number, full) for number, full in sorted(best.items(), reverse=True)]


def _reads_whole(session: Any, row: Participant) -> bool | None:
    """True: the whole case; False: how it stands overall; None: nothing."""
    if row.role in FULL:
        return True
    if row.role in COARSE:
        return False
    mandate = _mandate(session, row, today())
    return None if mandate is None else bool(mandate.scope == "all")


def _mandate(session: Any, row: Participant, day: date) -> Mandate | None:
    """The mandate by which this participant acts, when it is in force on `day`."""
    form = BY_MANDATE.get(row.role)
    mandate = session.get(Mandate, (row.application_id, row.person_id, form)) if form else None
    if mandate is None or mandate.signed_on > day or mandate.cancelled_on is not None:
        return None
    return mandate if mandate.valid_until is None or mandate.valid_until >= day else None
