"""When an answer of the desk is due, when that is warned of, and when it goes to the supervisor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_

from bot.handoff import hours
from bot.handoff.rules import queue_name, rules
from bot.store import Handoff


def due_at(handoff: Handoff) -> datetime | None:
    """When an agent's next word is due; None when none is."""
    if handoff.first_due_at is not None:
        return handoff.first_due_at
    return handoff.next_due_at if handoff.wrote_at is not None else None


def target(handoff: Handoff) -> timedelta:
    table = rules().next if handoff.first_due_at is None else rules().first
    return timedelta(minutes=table[queue_name(handoff.urgent)])


def warn_at(handoff: Handoff) -> datetime | None:
    if due_at(handoff) is None or handoff.state == "requested":
        return None
    since = handoff.wrote_at if handoff.first_due_at is None else handoff.queued_at
    return hours.after(since, target(handoff) * rules().warn_at)


def escalate_at(handoff: Handoff) -> datetime | None:
    due = due_at(handoff)
    return None if due is None else hours.after(due, rules().escalate_after)


def due_before(moment: datetime) -> Any:
    """Open hand-offs whose next answer is due before `moment`."""
    first = and_(
        Handoff.state.in_(("queued", "active")),
        Handoff.first_due_at <= moment,
    )
    later = and_(
        Handoff.state == "active", Handoff.wrote_at.is_not(None), Handoff.next_due_at <= moment
    )
    return or_(first, later)
