"""Many rows into one table at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, update

from bot.store.sealed import SealedText

Row = tuple[Any, ...]


def insert_rows(session: Any, table: Any, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert `rows`, whose values stand in the order of `columns`.

    On SQLite the rows go to the driver by column: SQLAlchemy's handling of each single row takes
    longer than SQLite's own work. Statement and values are still those that SQLAlchemy makes.
    """
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        session.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        return
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=list(columns))
    by_name = dict(zip(columns, zip(*rows, strict=True), strict=True))
    bound = [
        _bound(table.c[name].type, connection.dialect, by_name[name])
        for name in compiled.positiontup
    ]
    connection.exec_driver_sql(str(compiled), list(zip(*bound, strict=True)))


def update_rows(session: Any, table: Any, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set `columns` of the rows whose id stands first in each of `rows`."""
    if rows:
        names = ("row_id", *columns)
        values = [dict(zip(names, row, strict=True)) for row in rows]
        session.execute(update(table).where(table.c.id == bindparam("row_id")), values)


def _bound(kind: Any, dialect: Any, values: Sequence[Any]) -> Sequence[Any]:
    """The values of one column as the driver takes them."""
    to_driver = kind.dialect_impl(dialect).bind_processor(dialect)
    if to_driver is None:
        return values
    if isinstance(kind, SealedText):  # each value is sealed for itself
        return [to_driver(value) for value in values]
    # A column of dates has few different ones.
    known = {value: to_driver(value) for value in set(values)}
    return [known[value] for value in values]
