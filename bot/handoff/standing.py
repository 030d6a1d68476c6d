"""What the applicant's page shows of a hand-off: waiting at which place, or with whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.clock import now
from bot.handoff.waiting import Queue
from bot.store import Agent, Handoff
from bot.store.desk import OPEN

# A keystroke counts as typing for so long; pages tell of it at most every three seconds.
TYPING = timedelta(seconds=6)


@dataclass(frozen=True)
class Standing:
    """`state` is requested | queued | active. `position`, `minutes` and `opens_at` (ISO, UTC) are
    of who waits (bot/handoff/waiting.py), `agent`, `role` and `typing` of whom they talk with."""

    state: str
    position: int | None = None
    minutes: int | None = None
    agents: int = 0
    opens_at: str | None = None
    agent: str | None = None
    role: str | None = None
    typing: bool = False
    left: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def standings(session: Any, conversation_ids: Collection[str]) -> dict[str, Standing]:
    """The standing of each conversation that has one; two queries, and some for each language in
    which somebody waits."""
    rows = session.execute(
        select(Handoff, Agent.name, Agent.role)
        .outerjoin(Agent, Agent.id == Handoff.agent_id)
        .where(Handoff.conversation_id.in_(conversation_ids), Handoff.state.in_(OPEN))
        .execution_options(populate_existing=True)
    ).all()
    queues: dict[str, Queue] = {}
    found = {}
    for handoff, name, role in rows:
        if handoff.state != "active" and handoff.language not in queues:
            queues[handoff.language] = Queue(session, handoff.language)
        if handoff.state == "active":
            standing = _with_agent(handoff, name, role)
        else:
            standing = _waits(handoff, queues[handoff.language])
        found[handoff.conversation_id] = standing
    return found


def _with_agent(handoff: Handoff, name: str, role: str) -> Standing:
    typing = is_typing(handoff.agent_typing_at)
    return Standing("active", agent=name, role=role, typing=typing, left=handoff.left)


def _waits(handoff: Handoff, queue: Queue) -> Standing:
    outlook = queue.of(handoff)
    opens = outlook.opens_at
    return Standing(
        handoff.state,
        position=outlook.position,
        minutes=outlook.minutes,
        agents=outlook.agents,
        opens_at=opens.isoformat(timespec="seconds") if opens else None,
        left=handoff.left,
    )


def is_typing(at: datetime | None) -> bool:
    return at is not None and now() - at < TYPING


def person_types(session: Any, conversation_id: str) -> None:
    """The person is writing; their agent is shown that, never what."""
    _types(session, Handoff.conversation_id == conversation_id, "person_typing_at")


def agent_types(session: Any, handoff_id: int, agent: Agent) -> None:
    """The agent is writing in their own conversation."""
    mine = (Handoff.id == handoff_id) & (Handoff.agent_id == agent.id)
    _types(session, mine, "agent_typing_at")


def seen(session: Any, handoff_id: int, agent: Agent, line: int) -> None:
    """The agent's page has shown the lines up to `line`: what came later is not theirs when they
    give the conversation back (bot/handoff/claiming.py)."""
    session.execute(
        update(Handoff)
        .where(
            Handoff.id == handoff_id,
            Handoff.agent_id == agent.id,
            Handoff.state == "active",
            Handoff.seen_line < line,
        )
        .values(seen_line=line)
        .execution_options(synchronize_session=False)
    )


def _types(session: Any, condition: Any, column: str) -> None:
    session.execute(
        update(Handoff)
        .where(condition, Handoff.state == "active")
        .values({column: now()})
        .execution_options(synchronize_session=False)
    )
