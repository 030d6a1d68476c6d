"""Locks: after twenty wrong codes in a row, or "this was not me", sign-in is closed for a day.

Only self-service: the conversation goes on, and a person can be asked for. What is typed counts
against the identifier that was given, whether or not it is anybody's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot import audit
from bot.identity.budgets import WRONG_CODES, count_up, forget
from bot.messages.outbox import queue_mail
from bot.store import Challenge, Lock, Person
from bot.store.moments import database_now, read_clock
from bot.store.upsert import upsert

MOST_WRONG_CODES = 20
LOCKED_FOR = timedelta(hours=24)
NO_ID = -1


def is_locked(session: Any, *subjects: bytes) -> bool:
    """True when one of the subjects is locked (several during a rotation of the secret)."""
    found = session.scalar(
        select(Lock.subject).where(Lock.subject.in_(subjects), Lock.until > database_now()).limit(1)
    )
    return found is not None


def count_wrong_code(session: Any, challenge: Challenge) -> None:
    """Count a wrong code; the twentieth in a row, whatever codes they were for, locks."""
    if count_up(session, WRONG_CODES, challenge.subject) < MOST_WRONG_CODES:
        return
    forget(session, WRONG_CODES, challenge.subject)
    lock(session, challenge, "failures")


def forget_wrong_codes(session: Any, subject: bytes) -> None:
    forget(session, WRONG_CODES, subject)


def lock(session: Any, challenge: Challenge, reason: str) -> None:
    """Close sign-in for a day and tell the person by e-mail; `reason` is failures | not_me."""
    until = read_clock(session) + LOCKED_FOR
    row = {"subject": challenge.subject, "until": until, "reason": reason}
    change = {"until": until, "reason": reason}
    session.execute(
        upsert(session, Lock)
        .values(row)
        .on_conflict_do_update(index_elements=["subject"], set_=change)
    )
    # Looked for also when there is nobody: the same queries as for a person.
    person = session.get(Person, challenge.person_id or NO_ID)
    queue_mail(
        session,
        to=person.email if person else None,
        language=person.language if person else "en",
        template=f"locked_{reason}",
        person_id=challenge.person_id,
    )
    audit.record(
        session,
        "identity.locked",
        person_id=challenge.person_id,
        conversation_id=challenge.conversation_id,
        reason=reason,
    )
