"""Each answered message as a figure: what it was about, never what it said or who wrote it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.chat.turn import Turn
from bot.clock import now
from bot.engine.claims import Claim
from bot.store import Conversation, TurnFigure

NOT_UNDERSTOOD = "nlu_fallback"
# Signals of our own services: nobody asked anything.
_SIGNAL = "EXTERNAL_"


def count_turn(session: Any, claim: Claim, turn: Turn, intent: str | None) -> None:
    """Write the figure in the turn's transaction."""
    if intent is None or intent.startswith(_SIGNAL):
        return
    # A turn that deletes the person's data leaves no trace of this conversation either.
    conversation_id = None if turn.forgets else claim.conversation_id
    channel = session.scalar(
        select(Conversation.channel).where(Conversation.id == claim.conversation_id)
    )
    session.add(
        TurnFigure(
            conversation_id=conversation_id,
            at=now(),
            language=turn.language,
            channel=channel,
            intent=intent,
            understood=intent != NOT_UNDERSTOOD,
            handed_off=turn.handed_off,
        )
    )
