"""Account codes: eight digits by e-mail, ten minutes, five tries, one use.

A code belongs to one conversation and one purpose. For details that matched nobody a decoy is
written that behaves the same and never succeeds. The conditional UPDATEs are what makes parallel
tries safe: a try counts before it is looked at, and only one try can use a code up. All moments are
the database's. Source of the figures: knowledge of security, T04.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bot.identity.locks import count_wrong_code, forget_wrong_codes, is_locked
from bot.store import Challenge, keys_of
from bot.store.moments import database_now, read_clock

DIGITS = 8
MAX_TRIES = 5
LIFETIME = timedelta(minutes=10)
ROUNDS = 10_000
SIGN_IN = "sign_in"


@dataclass(frozen=True)
class NewCode:
    """A code that was made: what goes into the e-mail, and nowhere else."""

    digits: str
    not_me: str

    @property
    def shown(self) -> str:
        return f"{self.digits[:4]} {self.digits[4:]}"


@dataclass(frozen=True)
class Attempt:
    """The outcome of entering a code: `person_id` when it was right; else how many tries remain
    (0: ask for a new code)."""

    person_id: int | None
    tries_left: int


def make_code(
    session: Any,
    conversation_id: str,
    *,
    subject: bytes,
    person_id: int | None,
    purpose: str = SIGN_IN,
    binding: str = "",
) -> NewCode:
    """Start a challenge (a decoy without `person_id`) and end the one before it.

    `binding` is what the code will confirm, word for word; another wording voids it.
    """
    keys, moment = keys_of(session), read_clock(session)
    pepper = keys.of("code")
    code = NewCode(f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", secrets.token_urlsafe(24))
    salt = secrets.token_bytes(16)
    _cancel_open(session, conversation_id, purpose)
    session.add(
        Challenge(
            id=secrets.token_hex(12),
            conversation_id=conversation_id,
            person_id=person_id,
            purpose=purpose,
            subject=subject,
            binding=_digest(pepper, binding),
            key=keys.id,
            salt=salt,
            code_hash=_hash(pepper, salt, code.digits),
            not_me=hashlib.sha256(code.not_me.encode()).digest(),
            created_at=moment,
            expires_at=moment + LIFETIME,
        )
    )
    session.flush()
    return code


def try_code(
    session: Any, conversation_id: str, code: str, purpose: str = SIGN_IN, binding: str = ""
) -> Attempt:
    """Try `code` (digits, separators allowed) against the conversation's newest challenge."""
    challenge = session.execute(
        select(Challenge)
        .where(
            Challenge.conversation_id == conversation_id,
            Challenge.purpose == purpose,
            Challenge.cancelled.is_(False),
        )
        .order_by(Challenge.created_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    if challenge is None or not _count_try(session, challenge.id):
        return Attempt(None, 0)
    session.refresh(challenge)
    locked = is_locked(session, challenge.subject)
    if _is_right(session, challenge, code, binding) and not locked and _use(session, challenge.id):
        forget_wrong_codes(session, challenge.subject)
        return Attempt(challenge.person_id, 0)
    count_wrong_code(session, challenge)
    return Attempt(None, MAX_TRIES - challenge.tries)


def was_used(
    session: Any, conversation_id: str, code: str, purpose: str, binding: str = ""
) -> bool:
    """Whether `code` is the one that was used up last, while it would still live: the same request
    again, whose answer was lost. Nothing is counted; a code that was used opens nothing."""
    challenge = session.execute(
        select(Challenge)
        .where(
            Challenge.conversation_id == conversation_id,
            Challenge.purpose == purpose,
            Challenge.used_at.is_not(None),
            Challenge.expires_at > database_now(),
        )
        .order_by(Challenge.created_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return challenge is not None and _is_right(session, challenge, code, binding)


def has_open_challenge(session: Any, conversation_id: str) -> bool:
    """True while a code, or a decoy, can be entered in the conversation."""
    found = session.scalar(
        select(Challenge.id)
        .where(Challenge.conversation_id == conversation_id, Challenge.purpose == SIGN_IN)
        .where(*_open())
        .limit(1)
    )
    return found is not None


def _open() -> tuple[Any, ...]:
    return (
        Challenge.tries < MAX_TRIES,
        Challenge.used_at.is_(None),
        Challenge.cancelled.is_(False),
        Challenge.expires_at > database_now(),
    )


def _is_right(session: Any, challenge: Challenge, code: str, binding: str) -> bool:
    """Compared in full, also for a decoy."""
    pepper = keys_of(session).of("code", challenge.key)
    # Also the digits of an Arabic or Hindi keyboard.
    digits = "".join(str(unicodedata.decimal(c)) for c in code if c.isdecimal())
    same = [
        hmac.compare_digest(challenge.code_hash, _hash(pepper, challenge.salt, digits)),
        hmac.compare_digest(challenge.binding, _digest(pepper, binding)),
        challenge.person_id is not None,
    ]
    return all(same)


def _cancel_open(session: Any, conversation_id: str, purpose: str) -> None:
    session.execute(
        update(Challenge)
        .where(
            Challenge.conversation_id == conversation_id,
            Challenge.purpose == purpose,
            Challenge.used_at.is_(None),
        )
        .values(cancelled=True)
        .execution_options(synchronize_session=False)
    )


def _count_try(session: Any, challenge_id: str) -> bool:
    """Count one try; False when the challenge takes no more."""
    counted = session.execute(
        update(Challenge)
        .where(Challenge.id == challenge_id, *_open())
        .values(tries=Challenge.tries + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(counted.rowcount == 1)


def _use(session: Any, challenge_id: str) -> bool:
    used = session.execute(
        update(Challenge)
        .where(Challenge.id == challenge_id, Challenge.used_at.is_(None))
        .values(used_at=database_now())
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount == 1)


def _digest(pepper: bytes, binding: str) -> bytes:
    return hmac.digest(pepper, binding.encode(), "sha256")


def _hash(pepper: bytes, salt: bytes, code: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", hmac.digest(pepper, code.encode(), "sha256"), salt, ROUNDS)
