"""Mandates: the forms by which somebody may act or be told for an applicant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.store import Mandate

# The form that each role needs. Without it in force the role counts for nothing.
FORMS = {"representative": "IMM5476", "designated_person": "IMM5475"}
_ROLES = {form: role for role, form in FORMS.items()}

Scopes = dict[str, str]  # role -> all | status_only


def mandates_in_force(session: Any, application_id: int, person_id: int, day: date) -> Scopes:
    """The scope of each role that `person_id` holds by a mandate on `day`."""
    return scopes_in_force(session, {application_id}, person_id, day).get(application_id, {})


def scopes_in_force(
    session: Any, application_ids: Collection[int], person_id: int, day: date
) -> dict[int, Scopes]:
    """The same for several applications at once; those without a mandate are left out."""
    # Columns, not objects: a session hands out an object it knows as it was when it was read.
    rows = session.execute(
        select(
            Mandate.application_id,
            Mandate.form,
            Mandate.scope,
            Mandate.signed_on,
            Mandate.valid_until,
            Mandate.cancelled_on,
        ).where(Mandate.application_id.in_(application_ids), Mandate.person_id == person_id)
    )
    found: dict[int, Scopes] = {}
    for row in rows:
        if row.form in _ROLES and in_force(row, day):
            found.setdefault(row.application_id, {})[_ROLES[row.form]] = row.scope
    return found


def scopes_of_all(
    session: Any, application_ids: Collection[int], day: date
) -> dict[tuple[int, int], Scopes]:
    """The same of everybody on these applications, by (application, person)."""
    rows = session.execute(
        select(
            Mandate.application_id,
            Mandate.person_id,
            Mandate.form,
            Mandate.scope,
            Mandate.signed_on,
            Mandate.valid_until,
            Mandate.cancelled_on,
        ).where(Mandate.application_id.in_(application_ids))
    )
    found: dict[tuple[int, int], Scopes] = {}
    for row in rows:
        if row.form in _ROLES and in_force(row, day):
            place = (row.application_id, row.person_id)
            found.setdefault(place, {})[_ROLES[row.form]] = row.scope
    return found


def in_force(row: Any, day: date) -> bool:
    """Signed, not cancelled, not expired on `day`."""
    if row.signed_on > day or (row.cancelled_on is not None and row.cancelled_on <= day):
        return False
    return row.valid_until is None or bool(row.valid_until >= day)
