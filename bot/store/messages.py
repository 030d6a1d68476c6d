"""Messages to people outside the page (e-mail now, SMS later) and the demo's mailbox."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId
from bot.store.sealed import SealedText


class Outbound(Base):
    """A message to send, written in the transaction of what causes it.

    `reference` names it to the provider; `state` is queued | sent | failed. A message without a
    recipient is a decoy: written for details that matched nobody and taken up like any other, so
    that the two cases are the same work, but never sent.
    The text is emptied once sent or given up: a code is not kept in clear. After `useless_after`
    it is not sent any more.
    """

    __tablename__ = "outbound"
    __table_args__ = (Index("ix_outbound_state", "state", "due_at"),)
    id = Column(BigId, primary_key=True, autoincrement=True)
    reference = Column(String(32), nullable=False, unique=True)
    channel = Column(String(10), nullable=False)
    person_id = Column(BigId, ForeignKey("person.id"), index=True)
    recipient = Column(SealedText("outbound.recipient"), nullable=False)
    language = Column(String(2), nullable=False)
    subject = Column(SealedText("outbound.subject"), nullable=False)
    text = Column(SealedText("outbound.text"), nullable=False)
    state = Column(String(8), nullable=False)
    tries = Column(Integer, nullable=False, default=0)
    due_at = Column(UtcDateTime, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    sent_at = Column(UtcDateTime)
    useless_after = Column(UtcDateTime)


class DemoMail(Base):
    """The demo's mailbox: what the service sent, readable at /demo."""

    __tablename__ = "demo_mail"
    id = Column(BigId, primary_key=True, autoincrement=True)
    reference = Column(String(32), nullable=False, unique=True)
    channel = Column(String(10), nullable=False)
    recipient = Column(SealedText("demo_mail.recipient"), nullable=False)
    subject = Column(SealedText("demo_mail.subject"), nullable=False)
    text = Column(SealedText("demo_mail.text"), nullable=False)
    at = Column(UtcDateTime, nullable=False)
