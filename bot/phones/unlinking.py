"""That a number stops being somebody's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot import audit
from bot.clock import now
from bot.phones.conversing import forget_talk
from bot.store import Phone, PhoneLink


def unlink(session: Any, phone: Phone, why: str) -> int | None:
    """End the phone's link, if it has one, with what was said on it; `why` is wrong, person, again
    or expired. Returns whose it was."""
    link = session.scalars(
        select(PhoneLink).where(PhoneLink.phone_id == phone.id, PhoneLink.ended_at.is_(None))
    ).first()
    if link is None:
        return None
    link.ended_at, link.ended_why = now(), why
    audit.record(session, "phone.unlinked", person_id=link.person_id, phone=phone.id, why=why)
    forget_talk(session, phone)
    return int(link.person_id)
