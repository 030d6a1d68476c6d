"""Who is there: web sessions and the account codes sent by e-mail."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId


class WebSession(Base):
    """A browser session. The token itself is only in the browser; here is its SHA-256."""

    __tablename__ = "web_session"
    token_hash = Column(LargeBinary(32), primary_key=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False, index=True)
    person_id = Column(BigId, ForeignKey("person.id"), index=True)
    created_at = Column(UtcDateTime, nullable=False)
    seen_at = Column(UtcDateTime, nullable=False)
    verified_at = Column(UtcDateTime)
    ended_at = Column(UtcDateTime)


class Challenge(Base):
    """An account code that was asked for. `person_id` is empty when the details matched nobody:
    such a decoy behaves like a real one and never succeeds."""

    __tablename__ = "challenge"
    id = Column(String(24), primary_key=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False, index=True)
    person_id = Column(BigId, ForeignKey("person.id"), index=True)
    salt = Column(LargeBinary(16), nullable=False)
    code_hash = Column(LargeBinary(32), nullable=False)
    tries = Column(Integer, nullable=False, default=0)
    created_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)
    used_at = Column(UtcDateTime)
    cancelled = Column(Boolean, nullable=False, default=False)
