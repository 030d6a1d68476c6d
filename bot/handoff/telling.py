"""What the service itself says to the person of a hand-off, on the page and by text message."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.chat.conversations import add_line
from bot.messages.outbox import queue_sms
from bot.store import Conversation, Handoff, Phone
from bot.texts import say


def system_line(session: Any, handoff: Handoff, key: str, **values: Any) -> int:
    """Say the text `key` as our own services, in the language that the person uses now."""
    conversation_id = handoff.conversation_id
    language = session.scalar(
        select(Conversation.language).where(Conversation.id == conversation_id)
    )
    text = say(language, key, **values)
    number = add_line(session, conversation_id, "system", {"text": text, "lang": language})
    text_it(session, handoff, text, language, number)
    return number


def text_it(session: Any, handoff: Handoff, text: str, language: str, line: int) -> None:
    """The line as a text message too, where the conversation is one by text message."""
    if handoff.channel != "sms":
        return
    phone = session.execute(
        select(Phone).where(Phone.conversation_id == handoff.conversation_id)
    ).scalar_one_or_none()
    if phone is None or phone.stopped_at is not None:
        return
    queue_sms(
        session,
        phone=phone,
        language=language,
        text=text,
        conversation_id=handoff.conversation_id,
        line=line,
    )
