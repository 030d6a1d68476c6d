"""Passwords of the desk (argon2id) and the codes of an authenticator application (RFC 6238)."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import lru_cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

STEP_SECONDS = 30
# A clock that is off by half a minute must not keep anybody out.
STEPS_AROUND = (0, -1, 1)
_HASHER = PasswordHasher()


def new_password() -> str:
    """One that nobody has to think of: about 100 bits."""
    return secrets.token_urlsafe(13)


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def password_is(stored: str | None, password: str) -> bool:
    """Whether `password` is the one of `stored`. For nobody, or for somebody without a password, it
    takes as long: how long the door takes tells no stranger who works here."""
    try:
        return _HASHER.verify(stored or _dummy(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def new_secret() -> str:
    """What the agent's authenticator application is given, in base 32."""
    return pyotp.random_base32()


def setup_address(secret: str, login: str) -> str:
    """The otpauth:// address that an authenticator application reads as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Passage")


def code_at(secret: str, moment: datetime) -> str:
    return pyotp.TOTP(secret).at(moment)


def matching_step(secret: str, code: str, moment: datetime) -> int | None:
    """The time step whose code this is; None when it is none of now."""
    step = int(moment.timestamp()) // STEP_SECONDS
    digits = "".join(code.split())
    generator = pyotp.TOTP(secret)
    for around in STEPS_AROUND:
        expected = generator.at((step + around) * STEP_SECONDS)
        if secrets.compare_digest(expected.encode(), digits.encode()):
            return step + around
    return None


@lru_cache(maxsize=1)
def _dummy() -> str:
    return hash_password(new_password())
