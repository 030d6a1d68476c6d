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
        full = _full(session, row)
        if full or row.role in COARSE:
            best[row.application_id] = best.get(row.application_id, False) or full
    return [Grant(number, full) for number, full in sorted(best.items(), reverse=True)]


def _full(session: Any, row: Participant) -> bool:
    if row.role in FULL:
        return True
    form = BY_MANDATE.get(row.role)
    return form is not None and _mandate_holds(session, row, form, today())


def _mandate_holds(session: Any, row: Participant, form: str, day: date) -> bool:
    mandate = session.get(Mandate, (row.application_id, row.person_id, form))
    return (
        mandate is not None
        and mandate.signed_on <= day
        and (mandate.valid_until is None or mandate.valid_until >= day)
        and mandate.cancelled_on is None
    )
