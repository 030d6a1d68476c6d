"""The audit trail: no audit row, no disclosure."""

from bot.audit.recording import AuditBroken, record

__all__ = ["AuditBroken", "record"]
