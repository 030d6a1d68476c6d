"""Which agents are there, as leases; a lost agent's conversations wait again."""

from __future__ import annotations

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


def renew(session: Any, agent: Agent, state: str = AVAILABLE) -> None:
    """A sign of life of the agent's page: they are there for another lease."""
    moment = now()
    until = moment + rules().lease
    wanted = upsert(session, Presence).values(
        agent_id=agent.id, state=state, since=moment, until=until
    )
    session.execute(
        wanted.on_conflict_do_update(
            index_elements=[Presence.agent_id], set_={"state": state, "until": until}
        )
    )


def sign_off(session: Any, agent: Agent) -> None:
    """The agent leaves: their conversations wait again at once."""
    session.execute(delete(Presence).where(Presence.agent_id == agent.id))
    for handoff_id in _active_of(session, [agent.id]):
        _lose(session, handoff_id)


def present(session: Any, language: str | None = None) -> list[Agent]:
    """Agents who are there and take new conversations (in `language`)."""
    rows = session.execute(
        select(Agent)
        .join(Presence, Presence.agent_id == Agent.id)
        .where(Presence.until > now(), Presence.state == AVAILABLE, Agent.ended_at.is_(None))
    ).scalars()
    return [agent for agent in rows if language is None or agent.speaks(language)]


def lost(session: Any) -> list[int]:
    """Active hand-offs whose agent gave no sign of life within the lease."""
    alive = select(Presence.agent_id).where(Presence.until > now())
    return list(
        session.scalars(
            select(Handoff.id)
            .where(
                Handoff.state == "active",
                Handoff.agent_id.not_in(alive),
                Handoff.claimed_at < now() - rules().lease,
            )
            .order_by(Handoff.id)
        )
    )


def take_back(session: Any, handoff_id: int) -> bool:
    """Put a lost agent's conversation back, looking again under the lock."""
    if locked(session, handoff_id) is None or handoff_id not in lost(session):
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
