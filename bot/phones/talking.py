"""A text message that is part of a conversation: a digit that chooses, or words to understand."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from bot.chat.conversations import ChoiceUnknown, add_line, post_choice, post_message
from bot.chat.hiding import Message, without_details
from bot.phones.answering import answer
from bot.phones.conversing import conversation_of
from bot.settings import Settings
from bot.store import Line, Phone

_DIGIT = re.compile(r"[#(]?\s*([1-9])\s*[.)]?")
_TOKEN = re.compile(r"⟦\w+⟧")


def choose(session: Any, settings: Settings, phone: Phone, sid: str, text: str) -> str | None:
    """Take a digit as the choice with that number in the last text; the outcome, or None when it
    is no digit."""
    digit = _DIGIT.fullmatch(text)
    if digit is None:
        return None
    conversation_id = conversation_of(session, phone)
    offered = _offered(session, conversation_id)
    number = int(digit[1])
    try:
        if number > len(offered):
            raise ChoiceUnknown(str(number))
        post_choice(session, conversation_id, sid, offered[number - 1]["id"])
    except ChoiceUnknown:
        answer(session, settings, phone, "no_choice")
        return "dropped"
    return "inbox"


def _offered(session: Any, conversation_id: str) -> list[dict[str, str]]:
    body = session.scalar(
        select(Line.body)
        .where(Line.conversation_id == conversation_id, Line.author == "bot")
        .order_by(Line.number.desc())
        .limit(1)
    )
    return (body or {}).get("choices", [])


def converse(session: Any, settings: Settings, phone: Phone, sid: str, text: str) -> str:
    """Take words in for the engine. Personal details go before anything is stored, also out of the
    vault, since nothing that is texted is used; who texts them is warned at once, and a text that
    was nothing else is not answered twice. Who leaves a message for an agent learns that it is
    kept."""
    conversation_id = conversation_of(session, phone)
    message = without_details(session, conversation_id, phone.language, text, keeping=False)
    if message.hides_something:
        answer(session, settings, phone, "talk.masked")
    if _says_nothing_else(message):
        add_line(session, conversation_id, "user", {"text": message.shown}, sid)
        return "dropped"
    if post_message(session, conversation_id, sid, message):
        answer(session, settings, phone, "handoff.kept")
    return "inbox"


def _says_nothing_else(message: Message) -> bool:
    rest = _TOKEN.sub("", message.text)
    return message.hides_something and len(re.findall(r"\w{2,}", rest)) < 2
