"""Conversations with known endings, put straight into the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.store import Rating, TurnFigure

# Long enough ago that a conversation is over, and still of this day's period.
PAST = timedelta(hours=30)


def talked(
    session: Any,
    *intents: str,
    language: str = "en",
    channel: str = "web",
    at: datetime | None = None,
    handed_off: bool = False,
) -> str:
    """A conversation whose messages meant `intents`; its id."""
    here = open_conversation(session, channel, language)
    for intent in intents:
        session.add(
            TurnFigure(
                conversation_id=here,
                at=at or now() - PAST,
                language=language,
                channel=channel,
                intent=intent,
                understood=intent != "nlu_fallback",
                handed_off=handed_off,
            )
        )
        session.flush()
    return here


def rated(session: Any, here: str, score: int | None, handoff_id: int | None = None) -> None:
    moment = now() - PAST
    session.add(
        Rating(
            conversation_id=here,
            handoff_id=handoff_id,
            language="en",
            channel="web",
            score=score,
            asked_at=moment,
            answered_at=moment if score else None,
        )
    )
    session.flush()
