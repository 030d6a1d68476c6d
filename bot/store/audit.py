"""The audit trail: who was shown or changed what, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, String

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId


class AuditEntry(Base):
    """One disclosure or change, written in the same transaction as the act itself."""

    __tablename__ = "audit_entry"
    id: int = Column(BigId, primary_key=True, autoincrement=True)
    at: datetime = Column(UtcDateTime, nullable=False)
    act: str = Column(String(40), nullable=False)
    person_id: int | None = Column(BigId)
    application_id: int | None = Column(BigId)
    conversation_id: str | None = Column(String(32))
    detail: dict[str, Any] = Column(JSON, nullable=False)
