"""Messages to people outside the page, by e-mail and by text message, and the demo's mailbox."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, UniqueConstraint

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId
from bot.store.sealed import SealedText


class Outbound(Base):
    """A message to send, written in the transaction of what causes it.

    `reference` names it to the provider. `state` only ever goes on: queued, then sent (the provider
    took it), then delivered | undelivered by the provider's word; or failed (given up, or too late)
    or dropped (the person stopped text messages). `attempted_at` is set before the provider is
    called: a message that has it and no `provider_id` may have left, and the provider is asked
    before it is sent again. `event` names what it tells, once for a person and channel; a message
    of a conversation has that and the number of its last line. A message without a recipient is a
    decoy: written for details that matched nobody and taken up like any other, so that the two
    cases are the same work, but never sent.
    `rank` 0 (codes, answers) goes before 1 (news): nobody who waits for a code waits for 100,000
    notices. `due_at` is when it is sent next, by whoever claims it (the claim moves it on), and
    once it is sent, when the provider is asked next what became of it.
    The text is emptied once sent; of one that was given up it stays when it holds no code (one
    that tells news, or answers), so that it can be sent again. After `useless_after` it is not
    sent any more.
    """

    __tablename__ = "outbound"
    __table_args__ = (
        Index("ix_outbound_next", "state", "channel", "rank", "due_at", "id"),
        UniqueConstraint("person_id", "event", "channel"),
    )
    id = Column(BigId, primary_key=True, autoincrement=True)
    reference = Column(String(32), nullable=False, unique=True)
    channel = Column(String(10), nullable=False)
    person_id = Column(BigId, ForeignKey("person.id"), index=True)
    recipient = Column(SealedText("outbound.recipient"), nullable=False)
    language = Column(String(2), nullable=False)
    subject = Column(SealedText("outbound.subject"), nullable=False)
    text = Column(SealedText("outbound.text"), nullable=False)
    state = Column(String(12), nullable=False)
    rank = Column(Integer, nullable=False, default=0, server_default="0")
    tries = Column(Integer, nullable=False, default=0)
    due_at = Column(UtcDateTime, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    sent_at = Column(UtcDateTime)
    attempted_at = Column(UtcDateTime)
    provider_id = Column(String(40), index=True)
    error = Column(String(40))
    parts = Column(Integer)
    event = Column(String(80))
    phone_id = Column(BigId, ForeignKey("phone.id", ondelete="SET NULL"), index=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id", ondelete="SET NULL"))
    line = Column(Integer)
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
