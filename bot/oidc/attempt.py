"""One try to sign in, from our page to the provider and back.

The browser holds a secret in a cookie; state, nonce and PKCE verifier are made of it, so that an
answer counts only in the browser that asked. The row makes it good once, and for ten minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from bot.clock import now
from bot.store import SignInAttempt

GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Attempt:
    """A try by its secret. None of what is shown to anybody else tells the secret."""

    secret: str

    @property
    def state(self) -> str:
        return self._made("state")

    @property
    def nonce(self) -> str:
        return self._made("nonce")

    @property
    def verifier(self) -> str:
        """43 characters, as RFC 7636 asks for."""
        return self._made("verifier")

    @property
    def challenge(self) -> str:
        """S256 of the verifier."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    @property
    def mark(self) -> bytes:
        """By which the database knows it."""
        return hashlib.sha256(self.secret.encode()).digest()

    def _made(self, purpose: str) -> str:
        return _text(hmac.digest(self.secret.encode(), purpose.encode(), "sha256"))


def begin(session: Any) -> Attempt:
    """A new try."""
    attempt = Attempt(secrets.token_urlsafe(32))
    session.add(SignInAttempt(mark=attempt.mark, created_at=now()))
    return attempt


def take(session: Any, secret: str, state: str) -> Attempt | None:
    """The try that this browser began and this answer belongs to, once; None for any other."""
    attempt = Attempt(secret)
    if not secret or not hmac.compare_digest(attempt.state.encode(), state.encode()):
        return None
    taken = session.execute(
        delete(SignInAttempt)
        .where(SignInAttempt.mark == attempt.mark, SignInAttempt.created_at > now() - GOOD_FOR)
        .execution_options(synchronize_session=False)
    )
    return attempt if taken.rowcount == 1 else None


def _text(digest: bytes) -> str:
    return urlsafe_b64encode(digest).decode().rstrip("=")
