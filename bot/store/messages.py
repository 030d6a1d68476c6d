"""Messages to people outside the page (e-mail now, SMS later) and the demo's mailbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Integer, String, Text

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId


class Outbound(Base):
    """A message to send, written in the transaction of what causes it.

    `reference` names it to the provider; `state` is queued | sent | failed | decoy. A decoy is
    written for details that matched nobody, is never sent, and makes the two cases the same work.
    The text is emptied once sent: a code is not kept in clear.
    """

    __tablename__ = "outbound"
    __table_args__ = (Index("ix_outbound_state", "state", "due_at"),)
    id: int = Column(BigId, primary_key=True, autoincrement=True)
    reference: str = Column(String(32), nullable=False, unique=True)
    channel: str = Column(String(10), nullable=False)
    recipient: str = Column(String(254), nullable=False)
    language: str = Column(String(2), nullable=False)
    subject: str = Column(String(200), nullable=False)
    text: str = Column(Text, nullable=False)
    state: str = Column(String(8), nullable=False)
    tries: int = Column(Integer, nullable=False, default=0)
    due_at: datetime = Column(UtcDateTime, nullable=False)
    created_at: datetime = Column(UtcDateTime, nullable=False)
    sent_at: datetime | None = Column(UtcDateTime)


class DemoMail(Base):
    """The demo's mailbox: what the service sent, readable at /demo."""

    __tablename__ = "demo_mail"
    id: int = Column(BigId, primary_key=True, autoincrement=True)
    reference: str = Column(String(32), nullable=False, unique=True)
    channel: str = Column(String(10), nullable=False)
    recipient: str = Column(String(254), nullable=False)
    subject: str = Column(String(200), nullable=False)
    text: str = Column(Text, nullable=False)
    at: datetime = Column(UtcDateTime, nullable=False)
