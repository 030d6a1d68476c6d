"""Audit trails to tamper with, and the ways in which it is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from bot.audit import record
from bot.audit.finding import Finding
from bot.audit.stored import still
from bot.audit.verify import verify
from bot.store import AuditEntry, AuditHead, Database

ENTRY, HEAD = AuditEntry.__table__, AuditHead.__table__
# For what only one kind of database has, or what does not depend on it.
only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
only_postgres = pytest.mark.parametrize("database", ["postgres"], indirect=True)


def grow(database: Database, count: int, act: str = "case.disclosed") -> None:
    """`count` more rows, in one transaction."""
    with database.write() as session:
        for number in range(count):
            record(session, act, person_id=7, application_id=number, question="check_status")


def findings(database: Database, anchor: Path | None = None) -> list[Finding]:
    with still(database.engine, database.keys) as session:
        return list(verify(session, anchor))


def kinds(database: Database, anchor: Path | None = None) -> list[tuple[str, int, int]]:
    return [(found.kind, found.first, found.last) for found in findings(database, anchor)]


def rows(database: Database) -> list[dict[str, Any]]:
    with database.read() as session:
        query = select(ENTRY).order_by(ENTRY.c.position)
        return [dict(row._mapping) for row in session.connection().execute(query)]


def positions(database: Database) -> list[int]:
    return [row["position"] for row in rows(database)]


def head(database: Database) -> dict[str, Any]:
    with database.read() as session:
        return dict(session.connection().execute(select(HEAD)).one()._mapping)


def change(database: Database, position: int, /, **values: Any) -> None:
    _run(database, update(ENTRY).where(ENTRY.c.position == position).values(**values))


def change_head(database: Database, **values: Any) -> None:
    _run(database, update(HEAD).values(**values))


def remove(database: Database, *gone: int) -> None:
    _run(database, delete(ENTRY).where(ENTRY.c.position.in_(gone)))


def remove_head(database: Database) -> None:
    _run(database, delete(HEAD))


def add(database: Database, row: dict[str, Any], /, **values: Any) -> None:
    """A copy of `row` with other `values`."""
    _run(database, insert(ENTRY).values({**row, **values}))


def put_back(database: Database, entries: list[dict[str, Any]], end: dict[str, Any]) -> None:
    """Both tables as they once were, as when a backup is restored."""
    with database.write() as session:
        connection = session.connection()
        connection.execute(delete(ENTRY))
        connection.execute(insert(ENTRY), entries)
        connection.execute(update(HEAD).values(**end))


def _run(database: Database, statement: Any) -> None:
    with database.write() as session:
        session.connection().execute(statement)
