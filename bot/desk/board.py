"""The supervisor's live board: who waits, who works, what is late, and what is unusual."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select

from bot.agents.sessions import AgentView
from bot.clock import now
from bot.desk.alerts import AlertView, alerts
from bot.desk.listing import Queues
from bot.handoff.queueing import languages_of
from bot.store import Agent, Handoff, Presence
from bot.texts import LANGUAGES, say


def board(session: Any, queues: Queues, me: AgentView, language: str) -> dict[str, Any]:
    """The whole board in the words of `language`; what was put before the supervisor first."""
    rows = queues.everybody(session)
    waiting = [row for row in rows if row.state != "active"]
    here = [row for row in waiting if row.state == "queued"]
    by = Counter(row.language for row in waiting)
    return {
        "waiting": {one: by[one] for one in LANGUAGES},
        "longest": min((row.asked_at for row in here), default=None),
        "late": sum(row.due_at is not None and row.due_at <= now() for row in rows),
        "agents": _agents(session, language),
        "rows": queues.drawn(session, me, language),
        "alerts": [_alert(one) for one in alerts(session, me)],
    }


def _alert(one: AlertView) -> dict[str, Any]:
    at = one.at.isoformat(timespec="seconds")
    return {"id": one.id, "agent": one.agent, "count": one.count, "at": at, "own": one.own}


def _agents(session: Any, language: str) -> list[dict[str, Any]]:
    """Who talks with applicants, the ones who are there first."""
    loads = dict(
        session.execute(
            select(Handoff.agent_id, func.count())
            .where(Handoff.state == "active")
            .group_by(Handoff.agent_id)
        ).all()
    )
    rows = session.execute(
        select(Agent, Presence.state)
        .outerjoin(Presence, (Presence.agent_id == Agent.id) & (Presence.until > now()))
        .where(Agent.ended_at.is_(None), Agent.role != "administrator")
        .order_by(Agent.name)
    ).all()
    found = [
        _agent(agent, state or "gone", loads.get(agent.id, 0), language) for agent, state in rows
    ]
    order = ("available", "away", "gone")
    return sorted(found, key=lambda one: order.index(one["state"]))


def _agent(agent: Agent, state: str, load: int, language: str) -> dict[str, Any]:
    return {
        "login": agent.login,
        "name": agent.name,
        "role": say(language, f"desk.role.{agent.role}"),
        "languages": languages_of(agent),
        "state": state,
        "load": load,
        "capacity": agent.capacity,
    }
