"""Who is there: web sessions, account codes, what was tried, and what was typed for a moment."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId
from bot.store.keys import INDEX_BYTES
from bot.store.sealed import SealedText


class WebSession(Base):
    """A browser session. The token itself is only in the browser; here is its SHA-256.

    `public_id` names it to its owner, who may end it from another one.
    """

    __tablename__ = "web_session"
    token_hash = Column(LargeBinary(32), primary_key=True)
    public_id = Column(String(24), nullable=False, unique=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False, index=True)
    person_id = Column(BigId, ForeignKey("person.id"), index=True)
    created_at = Column(UtcDateTime, nullable=False)
    seen_at = Column(UtcDateTime, nullable=False)
    verified_at = Column(UtcDateTime)
    ended_at = Column(UtcDateTime)


class Challenge(Base):
    """An account code that was asked for, for one `purpose` in one conversation.

    `person_id` is empty when the details matched nobody: such a decoy behaves like a real one and
    never succeeds. `subject` is the blind index of the identifier that was given: wrong tries are
    counted against it (Tally). `binding` is the digest of what the code confirms, for a change;
    `key` names the secret whose pepper is in both digests.
    `not_me` is the SHA-256 of the token in the e-mail's "this was not me" address.
    """

    __tablename__ = "challenge"
    id = Column(String(24), primary_key=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False, index=True)
    person_id = Column(BigId, ForeignKey("person.id"), index=True)
    purpose = Column(String(24), nullable=False)
    subject = Column(LargeBinary(INDEX_BYTES), nullable=False)
    binding = Column(LargeBinary(32), nullable=False)
    key = Column(LargeBinary(4), nullable=False)
    salt = Column(LargeBinary(16), nullable=False)
    code_hash = Column(LargeBinary(32), nullable=False)
    not_me = Column(LargeBinary(32), nullable=False, unique=True)
    tries = Column(Integer, nullable=False, default=0)
    created_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False, index=True)
    used_at = Column(UtcDateTime)
    cancelled = Column(Boolean, nullable=False, default=False)


class Tally(Base):
    """How often something was tried since `started_at`: `kind` says what is counted and against
    whom (bot/identity/budgets.py), `subject` is a blind index or digest of them."""

    __tablename__ = "tally"
    kind = Column(String(24), primary_key=True)
    subject = Column(LargeBinary(INDEX_BYTES), primary_key=True)
    started_at = Column(UtcDateTime, nullable=False, index=True)
    count = Column(Integer, nullable=False)


class Lock(Base):
    """Self-service is closed for this identifier until then; `reason` is failures | not_me."""

    __tablename__ = "lock"
    subject = Column(LargeBinary(INDEX_BYTES), primary_key=True)
    until = Column(UtcDateTime, nullable=False, index=True)
    reason = Column(String(10), nullable=False)


class Profile(Base):
    """The place of one person here: opened when they first sign in, or, for a child, when the
    parent does. Whoever may act for it is decided anew each time (bot/rights)."""

    __tablename__ = "profile"
    person_id = Column(BigId, ForeignKey("person.id"), primary_key=True)
    opened_at = Column(UtcDateTime, nullable=False)
    signed_in_at = Column(UtcDateTime)


class Kept(Base):
    """The vault: a typed detail that a following step needs, sealed, for 15 minutes."""

    __tablename__ = "kept"
    __table_args__ = (Index("ix_kept_conversation_id", "conversation_id", "kind"),)
    id = Column(BigId, primary_key=True, autoincrement=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False)
    kind = Column(String(20), nullable=False)
    value = Column(SealedText("kept.value"), nullable=False)
    expires_at = Column(UtcDateTime, nullable=False, index=True)
