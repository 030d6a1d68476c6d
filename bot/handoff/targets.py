"""When an answer of the desk is due, and when that is warned of."""

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


def to_warn_before(moment: datetime) -> Any:
    """Open hand-offs of whose next answer the queue or the agent is to be warned by `moment`."""
    return or_(*(_to_warn(moment, urgent) for urgent in (True, False)))


def _to_warn(moment: datetime, urgent: bool) -> Any:
    def early_enough(table: dict[str, int]) -> datetime:
        length = timedelta(minutes=table[queue_name(urgent)]) * rules().warn_at
        return hours.before(moment, length)

    first = and_(_FIRST, Handoff.queued_at <= early_enough(rules().first))
    later = and_(_LATER, Handoff.wrote_at <= early_enough(rules().next))
    return and_(Handoff.urgent.is_(urgent), or_(first, later))


def due_before(moment: datetime) -> Any:
    """Open hand-offs whose next answer is due by `moment`: `due_at` as a query asks for it."""
    first = and_(_FIRST, Handoff.first_due_at <= moment)
    later = and_(_LATER, Handoff.next_due_at <= moment)
    return or_(first, later)


# Which of the two answers is awaited.
_FIRST = and_(Handoff.state.in_(("queued", "active")), Handoff.first_due_at.is_not(None))
_LATER = and_(
    Handoff.state == "active",
    Handoff.first_due_at.is_(None),
    Handoff.wrote_at.is_not(None),
    Handoff.next_due_at.is_not(None),
)
