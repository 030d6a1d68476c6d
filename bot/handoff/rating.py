"""The one question at the end: did this help? Asked once for what the bot did alone, and once for
each time that an agent helped; never while somebody waits for an agent or talks with one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.chat.conversations import post_signal
from bot.clock import now
from bot.handoff.asking import NO_TOPIC
from bot.store import Conversation, Handoff, Rating, TurnFigure
from bot.store.desk import OPEN

SCORES = (1, 2, 3, 4, 5)
# Tells the engine to ask, or brings a score (data/rules/conversation.yml). No typed text means it.
INTENT = "EXTERNAL_rating"
# After these nobody was helped whom one could ask.
_NOT_AFTER = ("abuse", "no_answer")


@dataclass(frozen=True)
class Question:
    """What is asked about: an agent's help, or, without `handoff_id`, the bot's."""

    handoff_id: int | None


def question(session: Any, conversation_id: str) -> Question | None:
    """What can be asked about now; None when nothing is, or when it was asked before."""
    latest = session.execute(
        select(Handoff.id, Handoff.state, Handoff.claimed_at)
        .where(Handoff.conversation_id == conversation_id)
        .order_by(Handoff.id.desc())
        .limit(1)
    ).one_or_none()
    if latest is not None and latest.state in OPEN:
        return None
    helped = latest is not None and latest.claimed_at is not None
    handoff_id = latest.id if helped else None
    if _asked(session, conversation_id, handoff_id):
        return None
    if handoff_id is None and not _answered_something(session, conversation_id):
        return None
    return Question(handoff_id)


def ask(session: Any, conversation_id: str, asked: Question) -> None:
    """Note that it was asked. The unique row keeps a second question of the same thing away."""
    if _asked(session, conversation_id, asked.handoff_id):
        return
    where = session.execute(
        select(Conversation.language, Conversation.channel).where(
            Conversation.id == conversation_id
        )
    ).one()
    session.add(
        Rating(
            conversation_id=conversation_id,
            handoff_id=asked.handoff_id,
            language=where.language,
            channel=where.channel,
            asked_at=now(),
        )
    )
    session.flush()


def rate(session: Any, conversation_id: str, score: int) -> bool:
    """The answer to the latest question; who answers again has changed their mind. False when
    nothing was asked.

    Raises:
        ValueError: no such score.
    """
    if score not in SCORES:
        raise ValueError(score)
    row = session.execute(
        select(Rating)
        .where(Rating.conversation_id == conversation_id)
        .order_by(Rating.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if row is None:
        return False
    row.score, row.answered_at = score, now()
    session.flush()
    return True


def ask_after(session: Any, handoff: Handoff) -> None:
    """An agent has closed the conversation: the bot asks, unless nobody is there to answer."""
    if handoff.outcome not in _NOT_AFTER and not handoff.left:
        post_signal(session, handoff.conversation_id, INTENT)


def _asked(session: Any, conversation_id: str, handoff_id: int | None) -> bool:
    # NULLs are never equal to the database's unique index, so it is looked at here.
    about = Rating.handoff_id.is_(None) if handoff_id is None else Rating.handoff_id == handoff_id
    found = select(Rating.id).where(Rating.conversation_id == conversation_id, about).limit(1)
    return session.scalar(found) is not None


def _answered_something(session: Any, conversation_id: str) -> bool:
    found = (
        select(TurnFigure.id)
        .where(
            TurnFigure.conversation_id == conversation_id,
            TurnFigure.understood,
            TurnFigure.intent.not_in(NO_TOPIC),
        )
        .limit(1)
    )
    return session.scalar(found) is not None
