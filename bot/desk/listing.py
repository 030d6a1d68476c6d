"""A queue as data for the desk's page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from bot.agents.sessions import AgentView
from bot.clock import now
from bot.desk.words import topic_label
from bot.handoff import queue
from bot.handoff.queueing import Row, languages_of
from bot.store import Agent, Handoff
from bot.store.desk import OPEN
from bot.texts import say


# Of a view; two hundred agents look every few seconds, and nobody reads further.
SHOWN = 60


def queue_mark(session: Any) -> str:
    """Changes whenever any open hand-off does: cheap to ask, so that pages may look often."""
    count, newest, versions = session.execute(
        select(func.count(), func.max(Handoff.id), func.sum(Handoff.version)).where(
            Handoff.state.in_(OPEN)
        )
    ).one()
    return f"{count}-{newest or 0}-{versions or 0}"


def listed(session: Any, me: AgentView, view: str, language: str) -> dict[str, Any]:
    """The rows of `view` in the words of `language`, and how many each view has.

    Raises:
        ValueError: no such view.
    """
    agent = session.get(Agent, me.id)
    rows = queue(session, agent, view, limit=SHOWN)
    names = _names(session, {row.agent_id for row in rows if row.agent_id is not None})
    return {
        "mark": queue_mark(session),
        "rows": [_row(row, me, names, language) for row in rows],
        "counts": _counts(session, agent),
        "now": now().isoformat(timespec="seconds"),
    }


def next_waiting(session: Any, me: AgentView) -> list[int]:
    """The ids of who waits, in the order in which they should be taken."""
    rows = queue(session, session.get(Agent, me.id), "waiting", limit=20)
    return [row.id for row in rows if row.state == "queued"] or [row.id for row in rows]


def _row(row: Row, me: AgentView, names: dict[int, str], language: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "state_label": say(language, f"desk.state.{row.state}"),
        "reason": say(language, f"desk.reason.{row.reason}"),
        "topic": topic_label(language, row.topic),
        "language": row.language,
        "channel": say(language, f"desk.channel.{row.channel}"),
        "urgent": row.urgent,
        "left": row.left,
        "asked_at": row.asked_at.isoformat(timespec="seconds"),
        "due_at": row.due_at.isoformat(timespec="seconds") if row.due_at else None,
        "warned": row.warned,
        "broken": row.broken,
        "agent": names.get(row.agent_id) if row.agent_id else None,
        "mine": row.agent_id == me.id,
        "can_take": row.state != "active" and row.language in me.languages,
    }


def _names(session: Any, ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _counts(session: Any, agent: Agent) -> dict[str, int]:
    waiting = func.count().filter(Handoff.state != "active")
    mine = func.count().filter(Handoff.state == "active", Handoff.agent_id == agent.id)
    row = session.execute(
        select(waiting.label("waiting"), mine.label("mine"), func.count().label("every")).where(
            Handoff.state.in_(OPEN), Handoff.language.in_(languages_of(agent))
        )
    ).one()
    return {"waiting": row.waiting, "mine": row.mine, "all": row.every}
