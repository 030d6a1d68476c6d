"""Keys: one secret, from which a key for each purpose is derived; a second one during a rotation.

AES-256-GCM seals what must not be read in the database; HMAC-SHA-256 makes the blind indexes by
which a person or an application is found although its identifiers are sealed (both of the list of
ITSP.40.111, knowledge: security, section 2.1).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_KEY_ID = 4
INDEX_BYTES = 16


class CannotOpen(Exception):
    """A sealed value was altered, or was sealed with a key that is not configured any more."""


def derive_key(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose, so that no two uses share a key."""
    return hmac.digest(secret.encode(), f"passage/{purpose}".encode(), hashlib.sha256)


class Keys:
    """The present secret and, during a rotation, the previous one.

    Everything new is made with the present secret; what was made with the previous one is still
    opened and found (`python -m bot rotate` then makes it anew).
    """

    def __init__(self, secret: str, previous: str = "") -> None:
        self._secrets = [secret, previous] if previous else [secret]
        self._derived: dict[tuple[str, str], bytes] = {}
        self._ciphers = {self._id(s): AESGCM(self._derive(s, "seal")) for s in self._secrets}
        self.id = self._id(secret)

    def of(self, purpose: str, key_id: bytes | None = None) -> bytes:
        """The key for `purpose`: of the present secret, or of the one that `key_id` names.

        Raises:
            CannotOpen: `key_id` names no configured secret.
        """
        for secret in self._secrets:
            if key_id in (None, self._id(secret)):
                return self._derive(secret, purpose)
        raise CannotOpen("made with a key that is not configured")

    def seal(self, value: bytes, context: str) -> bytes:
        """`value` encrypted: key id, nonce, ciphertext. `context` says where it will stand and is
        needed again to open it, so that it cannot be moved elsewhere."""
        nonce = os.urandom(_NONCE)
        return self.id + nonce + self._ciphers[self.id].encrypt(nonce, value, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The value that was sealed for `context`.

        Raises:
            CannotOpen: it was altered or moved, or its key is not configured.
        """
        cipher = self._ciphers.get(bytes(sealed[:_KEY_ID]))
        if cipher is None:
            raise CannotOpen(f"{context}: sealed with a key that is not configured")
        nonce, rest = sealed[_KEY_ID : _KEY_ID + _NONCE], sealed[_KEY_ID + _NONCE :]
        try:
            return cipher.decrypt(nonce, rest, context.encode())
        except InvalidTag as error:
            raise CannotOpen(f"{context}: altered, or moved from elsewhere") from error

    def is_current(self, sealed: bytes) -> bool:
        return bytes(sealed[:_KEY_ID]) == self.id

    def index(self, purpose: str, *parts: str) -> bytes:
        """The blind index of `parts`: equal inputs meet, none can be read back."""
        return self._index(self._secrets[0], purpose, parts)

    def indexes(self, purpose: str, *parts: str) -> list[bytes]:
        """The blind indexes to look for: also the one of the previous secret."""
        return [self._index(secret, purpose, parts) for secret in self._secrets]

    def _index(self, secret: str, purpose: str, parts: tuple[str, ...]) -> bytes:
        text = "\x1f".join(parts).encode()
        return hmac.digest(self._derive(secret, purpose), text, hashlib.sha256)[:INDEX_BYTES]

    def _derive(self, secret: str, purpose: str) -> bytes:
        known = self._derived.get((secret, purpose))
        if known is None:
            known = self._derived[secret, purpose] = derive_key(secret, purpose)
        return known

    def _id(self, secret: str) -> bytes:
        return self._derive(secret, "key-id")[:_KEY_ID]


def keys_of(session: Any) -> Keys:
    """The keys of the database that a session belongs to."""
    keys: Keys = session.info["keys"]
    return keys
