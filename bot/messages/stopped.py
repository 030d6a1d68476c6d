"""A phone that wants no more text messages: marked, and what waits for it dropped."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, update

from bot.clock import now
from bot.messages.outbox import KEYWORD
from bot.store import Outbound, Phone


def mark_stopped(session: Any, phone: Phone, by: str) -> bool:
    """Nothing is sent to `phone` from now on, also nothing that waits already; `by` is keyword,
    provider or wrong. False when it had stopped before; what waits is dropped all the same."""
    news = phone.stopped_at is None
    if news:
        phone.stopped_at, phone.stopped_by = now(), by
    session.flush()
    session.execute(
        update(Outbound)
        .where(
            Outbound.phone_id == phone.id,
            Outbound.channel == "sms",
            Outbound.state == "queued",
            or_(Outbound.event.is_(None), Outbound.event != KEYWORD),
        )
        .values(state="dropped", text="")
        .execution_options(synchronize_session="fetch")
    )
    return news
