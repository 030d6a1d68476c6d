"""The answer of a turn to a conversation by text message, in the turn's transaction."""

from __future__ import annotations

from typing import Any

from bot.chat.conversations import add_choices, add_line
from bot.messages.outbox import queue_sms
from bot.phones.composing import Text, compose
from bot.phones.finding import phone_in
from bot.texts import say


def answer_by_text(
    session: Any, conversation_id: str, bodies: list[dict[str, Any]], language: str, page: str
) -> None:
    """Write what the engine said as one line and queue it as one text message. A conversation
    whose phone is somebody else's by now keeps its line, and nothing is sent."""
    _write(session, conversation_id, compose(bodies, language, page), language)


def apologize_by_text(session: Any, conversation_id: str, language: str, page: str) -> None:
    """The engine failed for good."""
    text = Text(say(language, "sms.engine.apology", page=page))
    _write(session, conversation_id, text, language)


def _write(session: Any, conversation_id: str, text: Text, language: str) -> None:
    body: dict[str, Any] = {"text": text.words, "lang": language}
    choices = add_choices(session, conversation_id, text.choices)
    if choices:
        body["choices"] = choices
    number = add_line(session, conversation_id, "bot", body)
    phone = phone_in(session, conversation_id)
    if phone is None:
        return
    phone.language = language
    queue_sms(
        session,
        phone=phone,
        language=language,
        text=text.sent,
        conversation_id=conversation_id,
        line=number,
    )
