"""Phones: who texts us, whose number it is proven to be, what Twilio told us of each message."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId
from bot.store.keys import INDEX_BYTES
from bot.store.sealed import SealedText


class Phone(Base):
    """A number that wrote to us or was entered to be linked; found by its blind index.

    `conversation_id` is its conversation by text message. While `stopped_at` is set nothing but the
    one reply to the opt-out word itself is sent to it; `stopped_by` is keyword | provider | wrong.
    """

    __tablename__ = "phone"
    id = Column(BigId, primary_key=True, autoincrement=True)
    number_index = Column(LargeBinary(INDEX_BYTES), nullable=False, unique=True)
    number = Column(SealedText("phone.number"), nullable=False)
    conversation_id = Column(
        String(32), ForeignKey("conversation.id", ondelete="SET NULL"), unique=True
    )
    language = Column(String(2), nullable=False)
    stopped_at = Column(UtcDateTime)
    stopped_by = Column(String(10))
    created_at = Column(UtcDateTime, nullable=False)
    last_at = Column(UtcDateTime, nullable=False, index=True)


class PhoneLink(Base):
    """That a number is a person's, proven by a code sent to the phone and entered in that person's
    verified session; until `until` (90 days) or `ended_at`. `ended_why` is wrong | person | again |
    expired. A phone has one live link at most; a person may have several phones."""

    __tablename__ = "phone_link"
    id = Column(BigId, primary_key=True, autoincrement=True)
    phone_id = Column(BigId, ForeignKey("phone.id"), nullable=False, index=True)
    person_id = Column(BigId, ForeignKey("person.id"), nullable=False, index=True)
    proven_at = Column(UtcDateTime, nullable=False)
    until = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)
    ended_why = Column(String(10))


class SmsReceived(Base):
    """A text message that was taken in, by Twilio's MessageSid: written before any work, so that a
    repeated one has no second effect. `outcome` is inbox | keyword | media | dropped."""

    __tablename__ = "sms_received"
    sid = Column(String(34), primary_key=True)
    phone_id = Column(BigId, ForeignKey("phone.id", ondelete="SET NULL"), index=True)
    outcome = Column(String(10), nullable=False)
    received_at = Column(UtcDateTime, nullable=False, index=True)


class SmsStatus(Base):
    """A delivery status that Twilio told us of a message of ours; each once."""

    __tablename__ = "sms_status"
    sid = Column(String(34), primary_key=True)
    status = Column(String(20), primary_key=True)
    error = Column(Integer)
    at = Column(UtcDateTime, nullable=False, index=True)
