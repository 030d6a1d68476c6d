"""Reminders of what is asked of somebody: 14, 3 and 1 days before its date.

Whoever was asked later than that gets the ones that are still ahead. The news of the request and
the reminder are different events, and each reminder is one for each date: a date that is moved is
reminded of anew.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, tuple_

from bot.clock import now
from bot.notices.telling import Change, tell_all
from bot.notices.topics import REQUEST
from bot.store import Database, Participant, Preference, Requirement

DAYS = (14, 3, 1)
BATCH = 1_000
WEST = "America/Vancouver"
_KEY = (Requirement.application_id, Requirement.code, Requirement.person_id)


def remind(database: Database, batch: int = BATCH) -> int:
    """Write the reminders that are due, in short transactions; how many requests were looked at.
    Done again, nothing is doubled: each is an event of its own."""
    seen = 0
    for days, until in zip(DAYS, (*DAYS[1:], 0), strict=True):
        after: tuple[Any, ...] | None = None
        while True:
            with database.write() as session:
                rows = _due(session, days, until, after, batch)
                tell_all(session, [_reminder(row, days) for row in rows if not _is_late(row, days)])
            seen += len(rows)
            if len(rows) < batch:
                break
            after = (rows[-1].application_id, rows[-1].code, rows[-1].person_id)
    return seen


def _due(
    session: Any, days: int, until: int, after: tuple[Any, ...] | None, limit: int
) -> list[Any]:
    """Open requests whose date is at most `days` and more than `until` days away (the last one: on
    the day itself too), on applications where somebody subscribed."""
    day = _day()
    subscribed = (
        select(Preference.person_id)
        .join(Participant, Participant.person_id == Preference.person_id)
        .where(
            Participant.application_id == Requirement.application_id,
            Preference.topic == REQUEST,
            Preference.wanted,
        )
    )
    conditions = [
        Requirement.met_on.is_(None),
        Requirement.due_on <= day + timedelta(days=days),
        Requirement.due_on > day + timedelta(days=until or -1),
        subscribed.exists(),
    ]
    if after is not None:
        conditions.append(tuple_(*_KEY) > tuple_(*after))
    query = (
        select(*_KEY, Requirement.due_on, Requirement.asked_on)
        .where(*conditions)
        .order_by(*_KEY)
        .limit(limit)
    )
    return list(session.execute(query))


def _day() -> date:
    """The day that has begun everywhere in Canada: when it has in the west, it is still night in
    the east, so everybody is reminded in the morning of that day of theirs."""
    return now().astimezone(ZoneInfo(WEST)).date()


def _is_late(row: Any, days: int) -> bool:
    """Asked so late that this reminder would only repeat the news of it."""
    return bool((row.due_on - row.asked_on).days <= days)


def _reminder(row: Any, days: int) -> Change:
    return Change(
        row.person_id,
        REQUEST,
        f"remind.{row.application_id}.{row.person_id}.{row.code}.{row.due_on:%Y%m%d}.{days}",
        row.application_id,
        details={"code": row.code, "due_on": row.due_on.isoformat(), "reminder": True},
    )
