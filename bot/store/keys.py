"""Keys derived from the one secret, and the blind index by which a person on a file is found."""

from __future__ import annotations

import hashlib
import hmac


def derive_key(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose, so that no two uses share a key."""
    return hmac.digest(secret.encode(), f"passage/{purpose}".encode(), hashlib.sha256)


class BlindIndex:
    """HMAC of (UCI or party ID, application number): equal inputs meet, none can be read back."""

    def __init__(self, secret: str) -> None:
        self._key = derive_key(secret, "lookup")

    def of(self, identifier: str, number: str) -> bytes:
        """16 bytes for a normalised identifier and application number."""
        return hmac.digest(self._key, f"{identifier}\x1f{number}".encode(), hashlib.sha256)[:16]
