"""A phone that wants no more text messages, and one that wants them again."""

from __future__ import annotations

from typing import Any

from bot.messages.stopped import mark_stopped
from bot.store import Phone


def stop(session: Any, phone: Phone, by: str) -> bool:
    """Send nothing to `phone` from now on, also not what waits already; `by` is keyword, provider
    or wrong. False when it had stopped before."""
    return mark_stopped(session, phone, by)


def start(session: Any, phone: Phone) -> bool:
    """Send to `phone` again; False when it had not stopped."""
    if phone.stopped_at is None:
        return False
    phone.stopped_at = phone.stopped_by = None
    session.flush()
    return True
