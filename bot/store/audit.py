"""The audit trail: who was shown or changed what, and when, as a chain of hashes."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, String

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId


class AuditEntry(Base):
    """One disclosure or change, written in the same transaction as the act itself.

    `hash` covers the row and the hash of the row before it; `key` names the key it was made with.
    `agent` is who acted when it was not the person of the conversation.
    """

    __tablename__ = "audit_entry"
    # What an agent was shown within the last hour is counted at each look.
    __table_args__ = (Index("ix_audit_entry_agent_at", "agent", "at"),)
    position = Column(BigId, primary_key=True, autoincrement=False)
    at = Column(UtcDateTime, nullable=False)
    act = Column(String(40), nullable=False)
    person_id = Column(BigId, index=True)
    application_id = Column(BigId, index=True)
    conversation_id = Column(String(32))
    agent = Column(String(40))
    detail = Column(JSON, nullable=False)
    key = Column(LargeBinary(4), nullable=False)
    hash = Column(LargeBinary(32), nullable=False)


class AuditHead(Base):
    """The one row that says where the chain ends, with a seal of its own: a chain alone cannot
    show that its last rows were taken away. Locking it keeps writers one behind the other."""

    __tablename__ = "audit_head"
    id = Column(Integer, primary_key=True)
    position = Column(BigId, nullable=False)
    hash = Column(LargeBinary(32), nullable=False)
    key = Column(LargeBinary(4), nullable=False)
    seal = Column(LargeBinary(32), nullable=False)
