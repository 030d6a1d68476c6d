"""Audit rows and the head as they are stored, read so that no altered value can end the reading.

The models would convert values, and raise at what is no moment, no JSON or no UTF-8; then one
altered row would hide all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Text, cast, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from bot.audit.chain import Head, Row
from bot.store import AuditEntry, AuditHead, Keys

BATCH = 1_000
HEAD = 1
ENTRY, END = AuditEntry.__table__.c, AuditHead.__table__.c


@contextmanager
def still(engine: Any, keys: Keys) -> Iterator[Any]:
    """A session of its own in which the trail stands still while others go on writing."""
    options: dict[str, Any] = {"passage_write": False}
    if engine.dialect.name != "sqlite":
        options["isolation_level"] = "REPEATABLE READ"
    with Session(engine, future=True, info={"keys": keys}) as session:
        session.connection(execution_options=options)
        yield session


@contextmanager
def any_text(session: Any) -> Iterator[None]:
    """On SQLite, text that is not UTF-8 is read as well, and is told from bytes."""
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    driver = session.connection().connection.dbapi_connection
    driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def stored_rows(session: Any) -> Iterator[list[Row]]:
    """All rows by position, in batches: any number of them takes the memory of one batch."""
    query = _select(session).order_by(ENTRY.position)
    query = query.execution_options(stream_results=True, max_row_buffer=BATCH)
    result = session.connection().execute(query)
    for batch in result.partitions(BATCH):
        yield [_row(found) for found in batch]


def rows_after(session: Any, position: int) -> list[Row]:
    """The next batch of rows after `position`, complete, so that they can be changed meanwhile."""
    query = _select(session).where(ENTRY.position > position).order_by(ENTRY.position)
    return [_row(found) for found in session.connection().execute(query.limit(BATCH))]


def newest_rows(session: Any, conditions: list[Any], limit: int) -> list[Row]:
    query = _select(session).where(*conditions).order_by(ENTRY.position.desc())
    return [_row(found) for found in session.connection().execute(query.limit(limit))]


def row_at(session: Any, position: int) -> Row | None:
    query = _select(session).where(ENTRY.position == position)
    found = session.connection().execute(query).first()
    return _row(found) if found else None


def hashes_at(session: Any, positions: list[int]) -> dict[int, Any]:
    """The stored hashes of those of these rows that exist."""
    columns = [type_coerce(ENTRY[name], NullType()) for name in ("position", "hash")]
    query = select(*columns).where(ENTRY.position.in_(positions))
    return {row[0]: _bytes(row[1]) for row in session.connection().execute(query)}


def stored_head(session: Any, locked: bool = False) -> Head | None:
    found = session.connection().execute(_LOCKED_END if locked else _END).first()
    return Head(*map(_bytes, found)) if found else None


def _select(session: Any) -> Any:
    columns = {name: ENTRY[name] for name in Row._fields}
    if session.get_bind().dialect.name != "sqlite":
        # As text: moments before our era or after the year 9999 are none in Python.
        moment = func.to_char(ENTRY.at, "YYYY-MM-DD HH24:MI:SS.US AD")
        columns["at"] = func.replace(moment, " AD", "")
        columns["detail"] = cast(ENTRY.detail, Text)
    return select(*(type_coerce(column, NullType()) for column in columns.values()))


def _row(found: Any) -> Row:
    return Row._make([*found[:-2], _bytes(found[-2]), _bytes(found[-1])])


def _bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


_END = select(*(type_coerce(END[name], NullType()) for name in Head._fields)).where(END.id == HEAD)
# SQLite has no row locks and needs none: a writing transaction holds its one lock already.
_LOCKED_END = _END.with_for_update()
