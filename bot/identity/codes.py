"""Account codes: eight digits by e-mail, ten minutes, five tries, one use.

Asking for a code does the same writes and gives the same answer whether or not the details match:
a decoy challenge and a decoy message are written for nobody. The conditional UPDATE is what makes
parallel tries safe: a try counts before it is looked at.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bot.clock import now
from bot.identity.matching import Details, match
from bot.messages.outbox import queue_mail
from bot.store import Challenge
from bot.store.keys import derive_key

DIGITS = 8
MAX_TRIES = 5
LIFETIME = timedelta(minutes=10)
ROUNDS = 10_000


@dataclass(frozen=True)
class Attempt:
    """The outcome of entering a code: `person_id` when it was right; else how many tries remain
    (0: ask for a new code)."""

    person_id: int | None
    tries_left: int


def send_code(
    session: Any, secret_key: str, conversation_id: str, details: Details, language: str
) -> None:
    """Start a challenge and queue its e-mail (or their decoys)."""
    person = match(session, secret_key, details)
    reachable = person if person is not None and person.email else None
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    _cancel_open(session, conversation_id)
    _store(session, secret_key, conversation_id, reachable.id if reachable else None, code)
    queue_mail(
        session,
        to=reachable.email if reachable and reachable.email else None,
        language=reachable.language if reachable else language,
        template="code",
        useless_after=now() + LIFETIME,
        code=f"{code[:4]} {code[4:]}",
    )


def try_code(session: Any, secret_key: str, conversation_id: str, code: str) -> Attempt:
    """Try `code` (digits, separators allowed) against the conversation's newest open challenge."""
    challenge = session.execute(
        select(Challenge)
        .where(Challenge.conversation_id == conversation_id, Challenge.cancelled.is_(False))
        .order_by(Challenge.created_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    if challenge is None or not _count_try(session, challenge.id):
        return Attempt(None, 0)
    session.refresh(challenge)
    digits = "".join(c for c in code if c.isdecimal())
    right = hmac.compare_digest(challenge.code_hash, _hash(secret_key, challenge.salt, digits))
    if right and challenge.person_id is not None and _use(session, challenge.id):
        return Attempt(challenge.person_id, 0)
    return Attempt(None, MAX_TRIES - challenge.tries)


def has_open_challenge(session: Any, conversation_id: str) -> bool:
    return (
        session.scalar(
            select(Challenge.id)
            .where(
                Challenge.conversation_id == conversation_id,
                Challenge.cancelled.is_(False),
                Challenge.used_at.is_(None),
                Challenge.tries < MAX_TRIES,
                Challenge.expires_at > now(),
            )
            .limit(1)
        )
        is not None
    )


def _store(
    session: Any, secret_key: str, conversation_id: str, person_id: int | None, code: str
) -> None:
    salt, moment = secrets.token_bytes(16), now()
    session.add(
        Challenge(
            id=secrets.token_hex(12),
            conversation_id=conversation_id,
            person_id=person_id,
            salt=salt,
            code_hash=_hash(secret_key, salt, code),
            created_at=moment,
            expires_at=moment + LIFETIME,
        )
    )


def _cancel_open(session: Any, conversation_id: str) -> None:
    session.execute(
        update(Challenge)
        .where(Challenge.conversation_id == conversation_id, Challenge.used_at.is_(None))
        .values(cancelled=True)
        .execution_options(synchronize_session=False)
    )


def _count_try(session: Any, challenge_id: str) -> bool:
    """Count one try; False when the challenge takes no more."""
    counted = session.execute(
        update(Challenge)
        .where(
            Challenge.id == challenge_id,
            Challenge.tries < MAX_TRIES,
            Challenge.used_at.is_(None),
            Challenge.expires_at > now(),
        )
        .values(tries=Challenge.tries + 1)
        .execution_options(synchronize_session=False)
    )
    return counted.rowcount == 1


def _use(session: Any, challenge_id: str) -> bool:
    used = session.execute(
        update(Challenge)
        .where(Challenge.id == challenge_id, Challenge.used_at.is_(None))
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    return used.rowcount == 1


def _hash(secret_key: str, salt: bytes, code: str) -> bytes:
    pepper = derive_key(secret_key, "code")
    return hashlib.pbkdf2_hmac("sha256", hmac.digest(pepper, code.encode(), "sha256"), salt, ROUNDS)
