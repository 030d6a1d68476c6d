"""Who waits, as an agent may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import now
from bot.handoff.targets import due_at
from bot.store import Agent

VIEWS = ("mine", "waiting", "all")


@dataclass(frozen=True)
class Row:
    """A conversation in a queue. `due_at` is when the next answer is due, None when none is;
    `escalated` that it is before the supervisor."""

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
    escalated: bool
    left: bool
    version: int

    @property
    def place(self) -> tuple[bool, datetime, int]:
        """Sorts as a queue does: urgent ones first, then by when they asked."""
        return (not self.urgent, self.asked_at, self.id)

    @property
    def broken(self) -> bool:
        """The moment when the next answer was due is past."""
        return self.due_at is not None and self.due_at <= now()


def languages_of(agent: Agent) -> list[str]:
    return [language for language in ("en", "fr") if agent.speaks(language)]


def row_of(handoff: Any) -> Row:
    """Of a hand-off, or of a row of its columns."""
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
        due_at=due_at(handoff),
        warned=handoff.warned_at is not None,
        escalated=handoff.escalated_at is not None,
        left=handoff.left,
        version=handoff.version,
    )
