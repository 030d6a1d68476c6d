"""May what was said in this conversation be said again? Not when it told of a case that may no
longer be read: a form was cancelled, a consent withdrawn, the person has left."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.chat.turn import Turn
from bot.identity.knowing import known_person
from bot.landing.reading import standings
from bot.rights.readable import LEVELS, readable_applications
from bot.store import AuditEntry, Conversation

# Written with every answer from a case, `level` of the grant in its detail (actions/own_cases.py).
DISCLOSED = "case.disclosed"
LANDING_DISCLOSED = "landing.disclosed"  # by actions/landing.py
_MORE = [level for level, _ in LEVELS]


def may_be_retold(turn: Turn) -> bool:
    """True when every case told here may still be read, by the same person and as far."""
    with turn.database.read() as session:
        told = _told(session, turn.conversation_id)
        landings = _landings_told(session, turn.conversation_id)
        if not told and not landings:
            return True
        person_id = known_person(session, turn.conversation_id)
        if person_id is None:
            return False
        if not landings <= {tuple(s.place) for s in standings(session, person_id)}:
            return False
        grants = readable_applications(session, person_id)
    levels = {grant.application_id: _MORE.index(grant.level) for grant in grants}
    return all(levels.get(number, len(_MORE)) <= _MORE.index(level) for number, level in told)


def _landings_told(session: Any, conversation_id: str) -> set[tuple[int, int]]:
    """(application, person) of the landings that were told of in this conversation."""
    rows = session.execute(
        select(AuditEntry.application_id, AuditEntry.detail).where(
            AuditEntry.conversation_id == conversation_id, AuditEntry.act == LANDING_DISCLOSED
        )
    )
    return {(row.application_id, row.detail["about"]) for row in rows}


def _told(session: Any, conversation_id: str) -> set[tuple[int, str]]:
    """(application, level) of what was told to the person of this conversation."""
    person_id = session.scalar(
        select(Conversation.person_id).where(Conversation.id == conversation_id)
    )
    rows = session.execute(
        select(AuditEntry.application_id, AuditEntry.detail).where(
            AuditEntry.person_id == person_id,
            AuditEntry.conversation_id == conversation_id,
            AuditEntry.act == DISCLOSED,
        )
    )
    return {(row.application_id, row.detail["level"]) for row in rows}
