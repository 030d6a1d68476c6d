"""Asking for a person: the applicant's side of a hand-off, and who has the conversation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.chat.owning import lock, owner
from bot.clock import now
from bot.handoff import hours
from bot.handoff.rows import change, open_one
from bot.handoff.rules import queue_name, rules
from bot.handoff.unread import hand_to_bot
from bot.store import Conversation, Handoff, TurnFigure

__all__ = ["REASONS", "first_due", "leave_message", "owner", "request", "withdraw"]

# asked: in so many words; the others are where a person is offered (actions/person.py).
REASONS = (
    "asked", "not_understood", "form_failed", "urgent_need", "landing_problem", "complaint",
)  # fmt: skip
# Of the bot's part an agent sees at most so many questions at a glance; the rest is the transcript.
TRIED = 10


def request(
    session: Any,
    conversation_id: str,
    reason: str,
    topic: str | None = None,
    urgent: bool = False,
) -> Handoff:
    """Ask for a person: queued, or requested while the desk is closed. Who asks again keeps their
    place; what is urgent becomes urgent.

    Raises:
        ValueError: no such reason.
    """
    if reason not in REASONS:
        raise ValueError(reason)
    lock(session, conversation_id)
    urgent = urgent or reason == "urgent_need"
    waiting = open_one(session, conversation_id)
    if waiting is not None:
        if urgent and not waiting.urgent:
            _make_urgent(session, waiting)
        return waiting
    return _new(session, conversation_id, reason, topic, urgent)


def _make_urgent(session: Any, handoff: Handoff) -> None:
    """The target is the urgent one from now on, unless the usual one comes sooner."""
    due = handoff.first_due_at
    if due is not None:
        due = min(due, first_due(now(), urgent=True))
    change(session, handoff, urgent=True, first_due_at=due)


def _new(
    session: Any, conversation_id: str, reason: str, topic: str | None, urgent: bool
) -> Handoff:
    moment = now()
    row = session.execute(
        select(Conversation.language, Conversation.channel).where(
            Conversation.id == conversation_id
        )
    ).one()
    opened = hours.is_open(moment)
    tried = _tried(session, conversation_id)
    handoff = Handoff(
        conversation_id=conversation_id,
        state="queued" if opened else "requested",
        reason=reason,
        topic=topic or _topic(tried),
        language=row.language,
        channel=row.channel,
        urgent=urgent,
        tried=tried,
        asked_at=moment,
        # The target runs from the opening: `first_due` counts office hours only.
        queued_at=moment if opened else None,
        first_due_at=first_due(moment, urgent=urgent),
        answer_by="sms" if row.channel == "sms" else "page",
    )
    session.add(handoff)
    session.flush()
    return handoff


def first_due(moment: datetime, *, urgent: bool) -> datetime:
    """When the first answer is due to somebody who asks at `moment`, in office hours."""
    return hours.after(moment, timedelta(minutes=rules().first[queue_name(urgent)]))


def _tried(session: Any, conversation_id: str) -> list[dict[str, Any]]:
    """What the bot answered last, newest last: [{intent, understood}]."""
    rows = session.execute(
        select(TurnFigure.intent, TurnFigure.understood)
        .where(TurnFigure.conversation_id == conversation_id)
        .order_by(TurnFigure.id.desc())
        .limit(TRIED)
    ).all()
    return [{"intent": row.intent, "understood": row.understood} for row in reversed(rows)]


# What people say to lead the conversation tells nothing of what it is about.
NO_TOPIC = {
    "greet", "goodbye", "thank", "affirm", "deny", "cancel", "restart", "ask_help", "ask_if_bot",
    "switch_language", "repeat", "inform", "out_of_scope", "log_out", "request_agent",
}  # fmt: skip


def _topic(tried: list[dict[str, Any]]) -> str | None:
    said = [each["intent"] for each in tried if each["understood"]]
    return next((intent for intent in reversed(said) if intent not in NO_TOPIC), None)


def leave_message(session: Any, conversation_id: str, answer_by: str) -> bool:
    """They need not stay: `answer_by` (page | email | sms) is how they learn of the answer. False
    when nothing waits."""
    lock(session, conversation_id)
    waiting = open_one(session, conversation_id)
    if waiting is None or waiting.state == "active":
        return False
    change(session, waiting, left=True, answer_by=answer_by)
    return True


def withdraw(session: Any, conversation_id: str) -> bool:
    """They no longer wait for a person. False when nothing waited."""
    lock(session, conversation_id)
    waiting = open_one(session, conversation_id)
    if waiting is None or waiting.state == "active":
        return False
    change(session, waiting, state="closed", outcome="withdrawn", ended_at=now())
    hand_to_bot(session, waiting)
    return True
