"""Messages that were an agent's and that the agent never saw: they go back to the bot."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from bot.clock import now
from bot.store import Handoff, Inbox, Line


def hand_to_bot(session: Any, handoff: Handoff) -> None:
    """What the person wrote during this hand-off after the last line that an agent saw would be
    answered by nobody. An agent saw what stood there at the claim, what the page has shown since
    (bot/handoff/standing.py, `seen`), and what stands above their own last word."""
    here = handoff.conversation_id
    own = session.scalar(
        select(func.max(Line.number)).where(Line.conversation_id == here, Line.author == "agent")
    )
    unread = select(Line.client_id).where(
        Line.conversation_id == here,
        Line.author == "user",
        Line.client_id.is_not(None),
        Line.number > max(handoff.seen_line, handoff.from_line or 0, own or 0),
    )
    session.execute(
        update(Inbox)
        .where(
            Inbox.conversation_id == here,
            Inbox.state == "agent",
            Inbox.received_at >= handoff.asked_at,
            Inbox.client_id.in_(unread),
        )
        .values(state="new", due_at=now(), tries=0)
        .execution_options(synchronize_session=False)
    )
