"""Profiles: one for each person, opened at the first sign-in; a child's by the parent's.

A child under 18 has no sign-in: the principal applicant of the same application acts for it. Since
that is looked up each time (bot/rights), a child who turns 18 is on their own from that day.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bot.clock import now, today
from bot.rights.ages import is_minor
from bot.store import Participant, Person, Profile
from bot.store.upsert import upsert


def open_profiles(session: Any, person_id: int) -> None:
    """The profiles of somebody who has just signed in, and of the children they act for."""
    moment = now()
    open_profile(session, person_id)
    session.get(Profile, person_id).signed_in_at = moment
    for child in children_of(session, person_id):
        open_profile(session, child)


def children_of(session: Any, person_id: int) -> list[int]:
    """The children under 18 on the applications whose principal applicant the person is."""
    mine, theirs = aliased(Participant), aliased(Participant)
    people = session.execute(
        select(Person)
        .join(theirs, theirs.person_id == Person.id)
        .join(mine, mine.application_id == theirs.application_id)
        .where(
            mine.person_id == person_id,
            mine.role == "principal_applicant",
            theirs.role == "dependant",
        )
        .order_by(Person.id)
    ).scalars()
    return list(dict.fromkeys(p.id for p in people if is_minor(p.birth_date, today())))


def open_profile(session: Any, person_id: int) -> None:
    """The profile of this one person, unless it is there."""
    row = {"person_id": person_id, "opened_at": now()}
    session.execute(upsert(session, Profile).values(row).on_conflict_do_nothing())
