"""The row of a number, and the phones that are proven to be somebody's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.clock import now
from bot.phones.numbers import number_index, number_indexes
from bot.store import Phone, PhoneLink
from bot.store.upsert import upsert


def phone_of(session: Any, number: str, language: str) -> Phone:
    """The phone with this number (E.164); made with `language` when it is new. Its row is locked:
    what two messages of one phone do comes one after the other."""
    known = _found(session, number)
    if known is not None:
        return known
    moment = now()
    row = {
        "number_index": number_index(session, number),
        "number": number,
        "language": language,
        "created_at": moment,
        "last_at": moment,
    }
    made = upsert(session, Phone).values(**row)
    session.execute(made.on_conflict_do_nothing(index_elements=["number_index"]))
    phone = _found(session, number)
    assert phone is not None
    return phone


def _found(session: Any, number: str) -> Phone | None:
    query = select(Phone).where(Phone.number_index.in_(number_indexes(session, number)))
    found: Phone | None = session.scalars(query.with_for_update()).first()
    return found


def live_link() -> tuple[Any, ...]:
    """The conditions under which a link of a phone counts."""
    return (PhoneLink.ended_at.is_(None), PhoneLink.until > now())


def reachable(session: Any, person_id: int) -> Phone | None:
    """The phone on which the person may be texted: proven to be theirs, and not stopped. Of
    several the one proven last."""
    phone: Phone | None = session.scalars(
        select(Phone)
        .join(PhoneLink, PhoneLink.phone_id == Phone.id)
        .where(PhoneLink.person_id == person_id, *live_link(), Phone.stopped_at.is_(None))
        .order_by(PhoneLink.proven_at.desc(), PhoneLink.id.desc())
        .limit(1)
    ).first()
    return phone


def owner_of(session: Any, conversation_id: str) -> int | None:
    """The person whose phone writes in this conversation, if it is proven to be somebody's."""
    person_id: int | None = session.scalar(
        select(PhoneLink.person_id)
        .join(Phone, Phone.id == PhoneLink.phone_id)
        .where(Phone.conversation_id == conversation_id, *live_link())
        .order_by(PhoneLink.id.desc())
        .limit(1)
    )
    return person_id


def phone_in(session: Any, conversation_id: str) -> Phone | None:
    """The phone that writes in this conversation."""
    phone: Phone | None = session.scalars(
        select(Phone).where(Phone.conversation_id == conversation_id)
    ).first()
    return phone
