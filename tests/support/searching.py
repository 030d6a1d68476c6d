"""Looking for values where they must not stand in the clear."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import inspect, text

from bot.store import Base, Database


def spellings(value: str) -> tuple[bytes, ...]:
    """As typed and without separators, in small letters and the encodings of a process."""
    plain = "".join(c for c in value if c.isalnum())
    forms = {value.lower(), plain.lower(), json.dumps(value.lower()).strip('"')}
    written = {form.encode(code) for form in forms for code in ("utf-8", "utf-16-le")}
    return tuple(written | {form.encode("latin-1", "replace") for form in forms})


def raw_tables(database: Database, most: int = 10**9) -> dict[str, bytes]:
    """{"table.column": its values in small letters, as they are stored}, of at most so many rows"""
    found = {}
    with database.engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) & set(Base.metadata.tables)
        for name in sorted(names):
            rows = connection.execute(text(f'SELECT * FROM "{name}" LIMIT {most}'))
            columns = list(rows.keys())
            for column, values in zip(columns, zip(*rows, strict=True), strict=False):
                found[f"{name}.{column}"] = b"\n".join(map(_raw, values)).lower()
    return found


def _raw(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
