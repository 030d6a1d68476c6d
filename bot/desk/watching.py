"""What the open pages of the desk are told: small, for many conversations in a few queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bot.clock import now
from bot.store import Conversation, Handoff

# Whoever is writing says so again within this time.
TYPING = timedelta(seconds=6)


@dataclass(frozen=True)
class Watched:
    """A hand-off at a glance; `version` changes when its row does."""

    conversation_id: str
    last_line: int
    version: int
    typing: bool
    proven: bool


def watched(session: Any, handoff_ids: Collection[int]) -> dict[int, Watched]:
    moment = now()
    rows = session.execute(
        select(
            Handoff.id,
            Handoff.conversation_id,
            Handoff.version,
            Handoff.person_typing_at,
            Conversation.last_line,
            Conversation.person_id,
        )
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(Handoff.id.in_(handoff_ids))
    )
    return {
        row.id: Watched(
            row.conversation_id,
            row.last_line,
            row.version,
            row.person_typing_at is not None and moment - row.person_typing_at < TYPING,
            row.person_id is not None,
        )
        for row in rows
    }


def agent_typing(session: Any, handoff_id: int, agent_id: int) -> None:
    """The agent is writing. No version: it is no change that anybody must fetch."""
    _note(session, handoff_id, agent_id, agent_typing_at=now())


def agent_saw(session: Any, handoff_id: int, agent_id: int, line: int) -> None:
    """The agent's page has shown the lines up to this one."""
    _note(session, handoff_id, agent_id, Handoff.seen_line < line, seen_line=line)


def _note(session: Any, handoff_id: int, agent_id: int, *conditions: Any, **values: Any) -> None:
    session.execute(
        update(Handoff)
        .where(Handoff.id == handoff_id, Handoff.agent_id == agent_id, Handoff.state == "active")
        .where(*conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
