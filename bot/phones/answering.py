"""What a phone is answered at once, without the engine: keywords, pictures, too much."""

from __future__ import annotations

from typing import Any

from bot.messages.outbox import KEYWORD, queue_sms
from bot.settings import Settings
from bot.store import Phone
from bot.texts import say


def page_of(settings: Settings, language: str) -> str:
    """The address of the page, as it stands in text messages."""
    return f"{settings.public_url}/{language}"


def answer_keyword(
    session: Any, settings: Settings, phone: Phone, kind: str, language: str
) -> None:
    """The reply to a keyword. A phone that has stopped gets the one that says so, nothing else."""
    text = say(language, f"sms.keyword.{kind}", page=page_of(settings, language))
    event = KEYWORD if kind in ("stop", "wrong") else None
    queue_sms(session, phone=phone, language=language, text=text, event=event)


def answer(session: Any, settings: Settings, phone: Phone, key: str) -> None:
    """Say the text `sms.<key>` in the phone's language."""
    text = say(phone.language, f"sms.{key}", page=page_of(settings, phone.language))
    queue_sms(
        session,
        phone=phone,
        language=phone.language,
        text=text,
        conversation_id=phone.conversation_id,
    )
