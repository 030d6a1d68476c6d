"""Legal hold: nothing of these people's conversations is removed until it is lifted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot import audit
from bot.retention.sweeps import on_hold
from bot.store import Application, Conversation, Participant, keys_of
from bot.store.normal import normal_number


class UnknownApplication(Exception):
    """There is no application of this number."""


def hold(session: Any, number: str, on: bool) -> int:
    """Put all conversations of the application's people on hold, or lift it; returns how many.

    What these people say later is held with it, as long as one of their conversations is.

    Raises:
        UnknownApplication
    """
    application_id = _application(session, number)
    people = select(Participant.person_id).where(Participant.application_id == application_id)
    held = session.execute(
        update(Conversation)
        .where(Conversation.person_id.in_(people))
        .values(on_hold=on)
        .execution_options(synchronize_session=False)
    )
    count = int(held.rowcount)
    audit.record(session, "retention.hold", application_id=application_id, on=on, count=count)
    return count


def is_on_hold(session: Any, conversation_id: str, person_id: int | None) -> bool:
    """True when the conversation, or any other of the person, is on hold."""
    return bool(session.scalar(select(on_hold(conversation=conversation_id, person=person_id))))


def _application(session: Any, number: str) -> int:
    normal = normal_number(number)
    found = None
    if normal is not None:
        indexes = keys_of(session).indexes("number", normal)
        found = session.scalar(select(Application.id).where(Application.number_index.in_(indexes)))
    if found is None:
        raise UnknownApplication(number)
    return int(found)
