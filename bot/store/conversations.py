"""Conversations: what came in (inbox), what is on the page (lines), Rasa's memory (events)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String
from sqlalchemy import UniqueConstraint as Unique

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId
from bot.store.sealed import SealedJson, SealedText


class Conversation(Base):
    """One conversation on one channel. `last_line` and `last_event` number its lines and events:
    raising them locks the row, so numbers become visible in order and without gaps. `person_id` is
    who proved themselves in it last; `last_at` is when its last line was written, and with
    `on_hold` it is kept beyond that (bot/retention)."""

    __tablename__ = "conversation"
    id = Column(String(32), primary_key=True)
    channel = Column(String(10), nullable=False)
    language = Column(String(2), nullable=False)
    last_line = Column(Integer, nullable=False, default=0)
    last_event = Column(Integer, nullable=False, default=0)
    created_at = Column(UtcDateTime, nullable=False)
    last_at = Column(UtcDateTime, nullable=False, index=True)
    person_id = Column(BigId, ForeignKey("person.id"), index=True)
    on_hold = Column(Boolean, nullable=False, default=False)


class Inbox(Base):
    """A message that was acknowledged and is to be answered exactly once.

    `kind` is text | choice | signal (from our own services); `state` is new | done | dead, or
    agent: it is not the bot's to answer, because an agent has the conversation
    (bot/chat/owning.py).
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Unique("conversation_id", "client_id"),
        Index("ix_inbox_state", "state", "id"),
    )
    id = Column(BigId, primary_key=True, autoincrement=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False)
    client_id = Column(String(64), nullable=False)
    kind = Column(String(10), nullable=False)
    text = Column(SealedText("inbox.text"), nullable=False)
    payload = Column(SealedJson("inbox.payload"))
    state = Column(String(5), nullable=False, default="new")
    tries = Column(Integer, nullable=False, default=0)
    due_at = Column(UtcDateTime, nullable=False)
    received_at = Column(UtcDateTime, nullable=False)


class Line(Base):
    """One line of a conversation as its reader sees it; `number` is the cursor of the stream."""

    __tablename__ = "line"
    conversation_id = Column(String(32), ForeignKey("conversation.id"), primary_key=True)
    number = Column(Integer, primary_key=True)
    author = Column(String(6), nullable=False)
    client_id = Column(String(64))
    body = Column(SealedJson("line.body"), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)


class Choice(Base):
    """A quick reply: an opaque one-use id on the page, its meaning here."""

    __tablename__ = "choice"
    id = Column(String(24), primary_key=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False, index=True)
    label = Column(SealedText("choice.label"), nullable=False)
    intent = Column(String(60), nullable=False)
    entities = Column(SealedJson("choice.entities"), nullable=False)
    used_at = Column(UtcDateTime)


class TrackerEvent(Base):
    """An event of Rasa's tracker; (conversation, position) is unique, so two writers cannot mix."""

    __tablename__ = "tracker_event"
    conversation_id = Column(String(32), ForeignKey("conversation.id"), primary_key=True)
    position = Column(Integer, primary_key=True)
    data = Column(SealedJson("tracker_event.data"), nullable=False)


class Heartbeat(Base):
    """The last moment a process said it was well (`name`: engine, sender)."""

    __tablename__ = "heartbeat"
    name = Column(String(40), primary_key=True)
    at = Column(UtcDateTime, nullable=False)
    process = Column(BigInteger, nullable=False)
