"""Which agents are there, as leases; a lost agent's conversations wait again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from bot.clock import now
from bot.handoff.claiming import requeue
from bot.handoff.rows import locked
from bot.handoff.rules import rules
from bot.handoff.telling import system_line
from bot.store import Agent, Handoff, Presence
from bot.store.upsert import upsert

AVAILABLE, AWAY = "available", "away"
# Pages give a sign of life every ten seconds, in the background once a minute: the lease outlasts
# both when it is at most so much shorter.
RENEW_AFTER = timedelta(seconds=20)


def renew(session: Any, agent: Agent, state: str = AVAILABLE) -> None:
    """A sign of life of the agent's page: they are there for another lease."""
    renew_all(session, {agent.id: state})


def renew_all(session: Any, states: Mapping[int, str]) -> None:
    """Signs of life of several agents, by their id."""
    moment = now()
    until = moment + rules().lease
    # In the order of their ids, so that two processes never wait for each other.
    rows = [
        {"agent_id": agent_id, "state": state, "since": moment, "until": until}
        for agent_id, state in sorted(states.items())
    ]
    wanted = upsert(session, Presence).values(rows)
    session.execute(
        wanted.on_conflict_do_update(
            index_elements=[Presence.agent_id],
            set_={"state": wanted.excluded.state, "until": wanted.excluded.until},
        )
    )


def needs_renewal(session: Any, agent_id: int, state: str) -> bool:
    """Asked first, so that of the many signs of life only few write."""
    late = now() + rules().lease - RENEW_AFTER
    kept = select(Presence.agent_id).where(
        Presence.agent_id == agent_id, Presence.state == state, Presence.until > late
    )
    return session.scalar(kept) is None


def sign_off(session: Any, agent: Agent) -> None:
    """The agent leaves: their conversations wait again at once."""
    session.execute(delete(Presence).where(Presence.agent_id == agent.id))
    for handoff_id in _active_of(session, [agent.id]):
        _lose(session, handoff_id)


def present(session: Any, language: str | None = None) -> list[Any]:
    """Agents who are there and take new conversations (in `language`), as rows of their id and
    capacity."""
    query = select(Agent.id, Agent.capacity).where(Agent.id.in_(available()))
    if language is not None:
        query = query.where(Agent.speaks_fr if language == "fr" else Agent.speaks_en)
    return list(session.execute(query))


def available() -> Any:
    """Their ids, as a part of a query."""
    return (
        select(Presence.agent_id)
        .join(Agent, Agent.id == Presence.agent_id)
        .where(Presence.until > now(), Presence.state == AVAILABLE, Agent.ended_at.is_(None))
    )


def lost(session: Any, *conditions: Any) -> list[int]:
    """Active hand-offs whose agent gave no sign of life within the lease."""
    alive = select(Presence.agent_id).where(Presence.until > now())
    return list(
        session.scalars(
            select(Handoff.id)
            .where(
                Handoff.state == "active",
                Handoff.agent_id.not_in(alive),
                Handoff.claimed_at < now() - rules().lease,
                *conditions,
            )
            .order_by(Handoff.id)
        )
    )


def take_back(session: Any, handoff_id: int) -> bool:
    """Put a lost agent's conversation back, looking again under the lock."""
    if locked(session, handoff_id) is None or not lost(session, Handoff.id == handoff_id):
        return False
    return _lose(session, handoff_id)


def _active_of(session: Any, agent_ids: list[int]) -> list[int]:
    return list(
        session.scalars(
            select(Handoff.id)
            .where(Handoff.state == "active", Handoff.agent_id.in_(agent_ids))
            .order_by(Handoff.id)
        )
    )


def _lose(session: Any, handoff_id: int) -> bool:
    handoff = locked(session, handoff_id)
    if handoff is None or handoff.state != "active":
        return False
    requeue(session, handoff)
    system_line(session, handoff, "handoff.lost")
    return True
