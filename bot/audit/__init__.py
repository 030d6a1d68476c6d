"""The audit trail: no audit row, no disclosure."""

from __future__ import annotations

from typing import Any

from bot.clock import now
from bot.store import AuditEntry


def record(
    session: Any,
    act: str,
    *,
    person_id: int | None = None,
    application_id: int | None = None,
    conversation_id: str | None = None,
    **detail: Any,
) -> None:
    """Write one audit row in the caller's transaction. `detail` holds codes, never contents."""
    session.add(
        AuditEntry(
            at=now(),
            act=act,
            person_id=person_id,
            application_id=application_id,
            conversation_id=conversation_id,
            detail=detail,
        )
    )
