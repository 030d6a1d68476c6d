"""A phone's conversation by text message: opened for its first message, ended with its link."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from bot.chat.conversations import open_conversation, set_language
from bot.store import Conversation, Phone, PhoneLink, keys_of


def conversation_of(session: Any, phone: Phone) -> str:
    """The id of the phone's conversation, opened when there is none, in the phone's language."""
    if phone.conversation_id is None:
        phone.conversation_id = _open(session, phone)
        session.flush()
    set_language(session, phone.conversation_id, phone.language)
    return str(phone.conversation_id)


def forget_talk(session: Any, phone: Phone) -> None:
    """Whoever writes from this number from now on may be somebody else: nothing that was said
    before can be repeated to them, and what is still to be answered is not sent there."""
    phone.conversation_id = None
    session.flush()


def own(session: Any, phone: Phone, person_id: int | None) -> None:
    """The phone's conversation is this person's: their names are masked in it, and it goes with
    what else is theirs."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_of(session, phone))
        .values(person_id=person_id)
    )


def _open(session: Any, phone: Phone) -> str:
    """An id that the number cannot be read from, and that the next owner's conversation has not."""
    ended = session.scalar(
        select(func.count()).where(PhoneLink.phone_id == phone.id, PhoneLink.ended_at.is_not(None))
    )
    conversation_id = keys_of(session).index("text conversation", phone.number, str(ended)).hex()
    return open_conversation(session, "sms", phone.language, conversation_id)
