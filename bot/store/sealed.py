"""Columns that are encrypted in the database and plain in Python.

The context of the seal is the table and column: a value cannot be moved to another column. The
keys are those of the database's engine (bot/store/database.py puts them on its dialect), so a
column cannot be read or written without them.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

from bot.store.keys import Keys


class SealedText(TypeDecorator):  # type: ignore[type-arg,unused-ignore]
    """Text, sealed for `context` ("table.column")."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        return None if value is None else _keys(dialect).seal(self.encode(value), self.context)

    def process_result_value(self, value: bytes | None, dialect: Any) -> Any:
        return None if value is None else self.decode(_keys(dialect).open(value, self.context))

    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, value: bytes) -> Any:
        return value.decode()


class SealedJson(SealedText):
    """Anything JSON can hold, sealed."""

    cache_ok = True

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def decode(self, value: bytes) -> Any:
        return json.loads(value)


class SealedBytes(SealedText):
    """A file's bytes, sealed."""

    cache_ok = True

    def encode(self, value: Any) -> bytes:
        return bytes(value)

    def decode(self, value: bytes) -> Any:
        return value


def _keys(dialect: Any) -> Keys:
    keys: Keys = dialect.passage_keys
    return keys
