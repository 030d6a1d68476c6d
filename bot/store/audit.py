"""The audit trail: who was shown or changed what, and when."""

from __future__ import annotations

from sqlalchemy import JSON, Column, String

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId


class AuditEntry(Base):
    """One disclosure or change, written in the same transaction as the act itself."""

    __tablename__ = "audit_entry"
    id = Column(BigId, primary_key=True, autoincrement=True)
    at = Column(UtcDateTime, nullable=False)
    act = Column(String(40), nullable=False)
    person_id = Column(BigId)
    application_id = Column(BigId)
    conversation_id = Column(String(32))
    detail = Column(JSON, nullable=False)
