"""What is new in many conversations at once, for the streams that show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.store import Conversation, Inbox


@dataclass(frozen=True)
class Pulse:
    """The newest line of a conversation, and since when a message of it is unanswered."""

    last_line: int
    waiting_since: datetime | None


def pulses(session: Any, conversation_ids: Collection[str]) -> dict[str, Pulse]:
    """The pulse of each conversation, in two queries however many there are."""
    waiting = session.execute(
        select(Inbox.conversation_id, func.min(Inbox.received_at))
        .where(Inbox.conversation_id.in_(conversation_ids), Inbox.state == "new")
        .group_by(Inbox.conversation_id)
    )
    since = {row[0]: row[1] for row in waiting}
    lines = session.execute(
        select(Conversation.id, Conversation.last_line).where(Conversation.id.in_(conversation_ids))
    )
    return {row[0]: Pulse(row[1], since.get(row[0])) for row in lines}
