"""Who waits, as an agent may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import defer

from bot.clock import now
from bot.handoff.targets import due_at
from bot.store import Agent, Handoff
from bot.store.desk import OPEN

VIEWS = ("mine", "waiting", "all")
# One page of the desk; what is due last can wait to be seen.
MOST = 200


@dataclass(frozen=True)
class Row:
    """A conversation in a queue. `due_at` is when the next answer is due, None when none is;
    `broken` that this moment is past, `escalated` that it is before the supervisor."""

    id: int
    conversation_id: str
    state: str
    reason: str
    topic: str | None
    language: str
    channel: str
    urgent: bool
    agent_id: int | None
    meant_for: int | None
    asked_at: datetime
    due_at: datetime | None
    warned: bool
    broken: bool
    escalated: bool
    left: bool
    version: int


def queue(
    session: Any, agent: Agent, view: str, *, language: str | None = None, limit: int = MOST
) -> list[Row]:
    """The open hand-offs of a `view` (VIEWS), urgent ones first, then by when they were asked for.
    What an agent cannot answer in its language is not offered to them; supervisors see it in `all`.

    Raises:
        ValueError: no such view.
    """
    if view not in VIEWS:
        raise ValueError(view)
    # What the bot tried is sealed, and no queue shows it.
    query = select(Handoff).options(defer(Handoff.tried)).where(*_conditions(agent, view))
    if language is not None:
        query = query.where(Handoff.language == language)
    order = (Handoff.urgent.desc(), Handoff.asked_at, Handoff.id)
    return [row_of(each) for each in session.execute(query.order_by(*order).limit(limit)).scalars()]


def _conditions(agent: Agent, view: str) -> list[Any]:
    if view == "mine":
        return [Handoff.state == "active", Handoff.agent_id == agent.id]
    states = ("requested", "queued") if view == "waiting" else OPEN
    conditions: list[Any] = [Handoff.state.in_(states)]
    if view == "all" and agent.role in ("supervisor", "administrator"):
        return conditions
    conditions.append(Handoff.language.in_(languages_of(agent)))
    conditions.append(or_(Handoff.meant_for.is_(None), Handoff.meant_for == agent.id))
    return conditions


def languages_of(agent: Agent) -> list[str]:
    return [language for language in ("en", "fr") if agent.speaks(language)]


def row_of(handoff: Handoff) -> Row:
    due = due_at(handoff)
    return Row(
        id=handoff.id,
        conversation_id=handoff.conversation_id,
        state=handoff.state,
        reason=handoff.reason,
        topic=handoff.topic,
        language=handoff.language,
        channel=handoff.channel,
        urgent=handoff.urgent,
        agent_id=handoff.agent_id,
        meant_for=handoff.meant_for,
        asked_at=handoff.asked_at,
        due_at=due,
        warned=handoff.warned_at is not None,
        broken=due is not None and due <= now(),
        escalated=handoff.escalated_at is not None,
        left=handoff.left,
        version=handoff.version,
    )
