"""Who texted and waits for longer than usual is told once that nothing is lost: the page has a bar
for that, a phone has nothing (the engine may be away for as long as it takes)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.chat.conversations import add_line
from bot.chat.owning import AGENT, lock, owner
from bot.clock import now
from bot.messages.outbox import queue_sms
from bot.phones.finding import phone_in
from bot.store import Conversation, Database, Inbox, Line
from bot.texts import say

# A restart takes a fraction of it, and a text message costs.
PATIENCE = timedelta(seconds=60)
MOST = 100


def tell_of_delays(database: Database) -> int:
    """Text those whose oldest message waits for longer than PATIENCE; how many were told."""
    with database.read() as session:
        waiting = _waiting(session)
    told = 0
    for conversation_id in waiting:
        with database.write() as session:
            told += _tell(session, conversation_id)
    return told


def _waiting(session: Any) -> list[str]:
    query = (
        select(Inbox.conversation_id)
        .join(Conversation, Conversation.id == Inbox.conversation_id)
        .where(*_late(), Conversation.channel == "sms")
        .group_by(Inbox.conversation_id)
        .order_by(func.min(Inbox.id))
        .limit(MOST)
    )
    return list(session.scalars(query))


def _late() -> tuple[Any, ...]:
    late = Inbox.received_at < now() - PATIENCE
    return (Inbox.state == "new", Inbox.kind != "signal", late)


def _tell(session: Any, conversation_id: str) -> bool:
    """Under the conversation's lock: by now it may be answered, told of, or an agent's."""
    lock(session, conversation_id)
    phone = phone_in(session, conversation_id)
    if phone is None or phone.stopped_at is not None or owner(session, conversation_id) == AGENT:
        return False
    sid = session.scalar(
        select(Inbox.client_id)
        .where(Inbox.conversation_id == conversation_id, *_late())
        .order_by(Inbox.id)
        .limit(1)
    )
    if sid is None or _was_told(session, conversation_id, sid):
        return False
    text = say(phone.language, "sms.delayed")
    body = {"text": text, "lang": phone.language}
    line = add_line(session, conversation_id, "system", body)
    queue_sms(
        session,
        phone=phone,
        language=phone.language,
        text=text,
        conversation_id=conversation_id,
        line=line,
    )
    return True


def _was_told(session: Any, conversation_id: str, sid: str) -> bool:
    """Whether our own services said something since this message came."""
    asked = (
        select(Line.number)
        .where(Line.conversation_id == conversation_id, Line.client_id == sid)
        .scalar_subquery()
    )
    told = (Line.conversation_id == conversation_id, Line.author == "system", Line.number > asked)
    return session.scalar(select(Line.number).where(*told).limit(1)) is not None
