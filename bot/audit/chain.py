"""The chain of the audit trail: every row carries a keyed hash of itself and of the row before it.

`h(n) = HMAC(key, h(n-1) ‖ row n)`; the head row says where the chain ends and carries a seal of its
own. Whoever can write the database but does not have the key can neither change, remove, add nor
swap a row, nor cut the end off, without `python -m bot audit verify` finding it
(knowledge: security, T28). That the database was set back as a whole is found by the anchor
(bot/audit/anchor.py).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, NamedTuple

from bot.store import Keys
from bot.store.keys import CannotOpen

PURPOSE = "audit"
START = bytes(32)  # what stands before the first row


class Row(NamedTuple):
    """An audit row as it is stored: `at` as YYYY-MM-DD HH:MM:SS.ffffff, `detail` as JSON text.

    Whoever altered a row need not have kept to the types of its columns.
    """

    position: Any
    at: Any
    act: Any
    person_id: Any
    application_id: Any
    conversation_id: Any
    agent: Any
    detail: Any
    key: Any
    hash: Any


class Head(NamedTuple):
    """Where the chain ends, as it is stored."""

    position: Any
    hash: Any
    key: Any
    seal: Any


# As the migration leaves it: sealed with the first row, because only then a key is at hand.
NEW_HEAD = Head(0, START, bytes(4), START)


def row_hash(keys: Keys, row: Row, before: bytes) -> bytes:
    """The hash that `row` should carry after a row whose hash is `before`.

    Raises:
        CannotOpen: its key is not configured.
    """
    return hmac.digest(keys.of(PURPOSE, row.key), before + _canonical(row), hashlib.sha256)


def head_seal(keys: Keys, head: Head) -> bytes:
    """The seal that the head should carry.

    Raises:
        CannotOpen: its key is not configured.
    """
    message = b"head" + head.position.to_bytes(8, "big") + head.hash
    return hmac.digest(keys.of(PURPOSE, head.key), message, hashlib.sha256)


def head_fault(keys: Keys, head: Head | None) -> str | None:
    """What is wrong with the head (a kind of Finding); None when it can be relied on."""
    if head is None:
        return "head_missing"
    if head == NEW_HEAD:
        return None
    try:
        return None if head.seal == head_seal(keys, head) else "head_altered"
    except CannotOpen:
        return "head_key"
    except (AttributeError, OverflowError, TypeError):  # not even the types are kept
        return "head_altered"


def _canonical(row: Row) -> bytes:
    """Every column but the hash, in one unambiguous form."""
    return json.dumps([*row[:-2], row.key.hex()]).encode()
