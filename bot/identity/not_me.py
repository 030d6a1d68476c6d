"""The "this was not me" address in every code's e-mail: good for one day, without a sign-in.

Opening it changes nothing (mail scanners open every address); its button ends what was begun.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bot.identity.locks import lock
from bot.identity.sessions import end_sessions_of
from bot.store import Challenge
from bot.store.moments import read_clock

GOOD_FOR = timedelta(hours=24)


def refuse_sign_in(session: Any, token: str) -> None:
    """Void the code of `token`, end the person's sessions and lock. An unknown, old or used token
    changes nothing, and nobody is told which it was."""
    digest = hashlib.sha256(token.encode()).digest()
    challenge = session.execute(
        select(Challenge).where(
            Challenge.not_me == digest, Challenge.created_at > read_clock(session) - GOOD_FOR
        )
    ).scalar_one_or_none()
    if challenge is None or not _take(session, digest):
        return
    if challenge.person_id is not None:
        end_sessions_of(session, challenge.person_id)
    lock(session, challenge, "not_me")


def _take(session: Any, digest: bytes) -> bool:
    """Use the address up: a second press must not lengthen the lock."""
    taken = session.execute(
        update(Challenge)
        .where(Challenge.not_me == digest)
        .values(cancelled=True, not_me=hashlib.sha256(b"used" + digest).digest())
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount == 1)
