"""How long somebody waits for a person: their place, and minutes that are not made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import Any

from sqlalchemy import func, select

from bot.clock import now
from bot.handoff import hours
from bot.handoff.presence import present
from bot.handoff.rules import rules
from bot.store import Handoff

WAITING = ("requested", "queued")
# With fewer than so many conversations of our own the figure of data/desk.yml is the better one.
ENOUGH, LATEST = 10, 50
LOOK_BACK = timedelta(days=30)
# What people are told is rounded up to one of these; nobody can promise "17 minutes".
STEPS = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60)

Place = tuple[bool, datetime, int]


@dataclass(frozen=True)
class Outlook:
    """`position` is 1 for who is next; `minutes` is None when nobody can say (no agent is there, or
    it is more than an hour); `opens_at` is None while the desk is open."""

    position: int
    minutes: int | None
    agents: int
    opens_at: datetime | None


class Queue:
    """The queue of one language, read once, for any number of people in it."""

    def __init__(self, session: Any, language: str) -> None:
        moment = now()
        opens = hours.next_opening(moment)
        self._opens_at = opens if opens > moment else None
        self._places = _places(session, language)
        agents = present(session, language)
        self._agents = len(agents)
        self._slots = sum(agent.capacity for agent in agents)
        self._free = max(0, self._slots - _busy(session, [agent.id for agent in agents]))
        self._handling = _handling(session, language)

    def of(self, handoff: Handoff) -> Outlook:
        """The outlook of somebody who waits."""
        mine = _place(handoff.urgent, handoff.asked_at, handoff.id)
        return self._outlook(1 + sum(place < mine for place in self._places))

    def of_new(self, urgent: bool) -> Outlook:
        """The outlook of somebody who would ask now."""
        ahead = [place for place in self._places if not urgent or not place[0]]
        return self._outlook(1 + len(ahead))

    def _outlook(self, position: int) -> Outlook:
        minutes = None if self._opens_at else self._minutes(position)
        return Outlook(position, minutes, self._agents, self._opens_at)

    def _minutes(self, position: int) -> int | None:
        if not self._slots:
            return None
        turns = max(0, position - self._free)
        wanted = max(1, ceil(turns * self._handling / timedelta(minutes=1) / self._slots))
        return next((step for step in STEPS if step >= wanted), None)


def _places(session: Any, language: str) -> list[Place]:
    rows = session.execute(
        select(Handoff.urgent, Handoff.asked_at, Handoff.id).where(
            Handoff.state.in_(WAITING), Handoff.language == language
        )
    ).all()
    return [_place(*row) for row in rows]


def _place(urgent: bool, asked_at: datetime, number: int) -> Place:
    """Sorts as the queue does: urgent first, then by when they asked."""
    return (not urgent, asked_at, number)


def _busy(session: Any, agent_ids: list[int]) -> int:
    return int(
        session.scalar(
            select(func.count())
            .select_from(Handoff)
            .where(Handoff.state == "active", Handoff.agent_id.in_(agent_ids))
        )
    )


def _handling(session: Any, language: str) -> timedelta:
    """How long a conversation takes an agent: the middle one of the latest."""
    rows = session.execute(
        select(Handoff.claimed_at, Handoff.ended_at)
        .where(
            Handoff.language == language,
            Handoff.ended_at > now() - LOOK_BACK,
            Handoff.claimed_at.is_not(None),
        )
        .order_by(Handoff.ended_at.desc())
        .limit(LATEST)
    ).all()
    if len(rows) < ENOUGH:
        return rules().usual_handling
    return timedelta(seconds=median((r.ended_at - r.claimed_at).total_seconds() for r in rows))
