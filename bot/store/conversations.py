"""Conversations: what came in (inbox), what is on the page (lines), what Rasa remembers (events)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Text
from sqlalchemy import UniqueConstraint as Unique

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId


class Conversation(Base):
    """One conversation on one channel. `last_line` and `last_event` number its lines and events:
    raising them locks the row, so numbers become visible in order and without gaps."""

    __tablename__ = "conversation"
    id: str = Column(String(32), primary_key=True)
    channel: str = Column(String(10), nullable=False)
    language: str = Column(String(2), nullable=False)
    last_line: int = Column(Integer, nullable=False, default=0)
    last_event: int = Column(Integer, nullable=False, default=0)
    created_at: datetime = Column(UtcDateTime, nullable=False)


class Inbox(Base):
    """A message that was acknowledged and is to be answered exactly once.

    `kind` is text | choice | signal (from our own services); `state` is new | done | dead.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Unique("conversation_id", "client_id"),
        Index("ix_inbox_state", "state", "id"),
    )
    id: int = Column(BigId, primary_key=True, autoincrement=True)
    conversation_id: str = Column(String(32), ForeignKey("conversation.id"), nullable=False)
    client_id: str = Column(String(64), nullable=False)
    kind: str = Column(String(10), nullable=False)
    text: str = Column(Text, nullable=False)
    payload: dict[str, Any] | None = Column(JSON)
    state: str = Column(String(5), nullable=False, default="new")
    tries: int = Column(Integer, nullable=False, default=0)
    due_at: datetime = Column(UtcDateTime, nullable=False)
    received_at: datetime = Column(UtcDateTime, nullable=False)


class Line(Base):
    """One line of a conversation as its reader sees it; `number` is the cursor of the stream."""

    __tablename__ = "line"
    conversation_id: str = Column(String(32), ForeignKey("conversation.id"), primary_key=True)
    number: int = Column(Integer, primary_key=True)
    author: str = Column(String(6), nullable=False)
    client_id: str | None = Column(String(64))
    body: dict[str, Any] = Column(JSON, nullable=False)
    created_at: datetime = Column(UtcDateTime, nullable=False)


class Choice(Base):
    """A quick reply: an opaque one-use id on the page, its meaning here."""

    __tablename__ = "choice"
    id: str = Column(String(24), primary_key=True)
    conversation_id: str = Column(String(32), ForeignKey("conversation.id"), nullable=False)
    label: str = Column(String(200), nullable=False)
    intent: str = Column(String(60), nullable=False)
    entities: dict[str, str] = Column(JSON, nullable=False)
    used_at: datetime | None = Column(UtcDateTime)


class TrackerEvent(Base):
    """An event of Rasa's tracker; (conversation, position) is unique, so two writers cannot mix."""

    __tablename__ = "tracker_event"
    conversation_id: str = Column(String(32), ForeignKey("conversation.id"), primary_key=True)
    position: int = Column(Integer, primary_key=True)
    data: dict[str, Any] = Column(JSON, nullable=False)


class Heartbeat(Base):
    """The last moment a process said it was well (`name`: engine, sender)."""

    __tablename__ = "heartbeat"
    name: str = Column(String(40), primary_key=True)
    at: datetime = Column(UtcDateTime, nullable=False)
    process: int = Column(BigInteger, nullable=False)
