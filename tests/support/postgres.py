"""Databases of a real PostgreSQL for tests: migrated once, emptied and used again.

To copy a database for each test costs half a second of two cores; to empty the few tables that a
test wrote into costs a hundredth. One whose tables a test altered is thrown away instead.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

TEMPLATE = "migrated"
# What migrations themselves write is kept aside, to be put back.
_KEEP = (
    "CREATE SCHEMA kept",
    "CREATE TABLE kept.audit_head AS TABLE audit_head",
)
_SHAPE = """
    SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
        SELECT c.relname || a.attname || a.atttypid || a.attnotnull AS line
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
        UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT rulename FROM pg_rules WHERE schemaname = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT relname || relacl::text || relrowsecurity
                  FROM pg_class WHERE relnamespace = 'public'::regnamespace
    ) lines
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_USED = """
    SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Pool:
    """Hands out empty, migrated databases by name and takes them back."""

    def __init__(self, server: Any, migrate: Callable[[str], None]) -> None:
        self._server = server
        self._free: list[str] = []
        with self._connected(None) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text(f"CREATE DATABASE {TEMPLATE}"))
        migrate(self.url(TEMPLATE))
        with self._connected(TEMPLATE) as connection:
            for statement in _KEEP:
                connection.execute(text(statement))
            self._shape = connection.scalar(text(_SHAPE))
            self._tables = list(connection.scalars(text(_TABLES)))

    def url(self, name: str) -> str:
        return str(self._server.get_uri(name))

    def take(self) -> str:
        """The name of an empty database."""
        if self._free:
            return self._free.pop()
        name = f"t{uuid.uuid4().hex}"
        with self._connected(None) as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))
        return name

    def give_back(self, name: str) -> None:
        """Empty it for the next test, or drop it when its tables are not what they were."""
        with self._connected(name) as connection:
            connection.execute(text(_OTHERS))
            whole = connection.scalar(text(_SHAPE)) == self._shape
            if whole:
                self._empty(connection)
        if whole:
            self._free.append(name)
            return
        with self._connected(None) as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def _empty(self, connection: Any) -> None:
        filled = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})"
            for table in self._tables
            if table != "alembic_version"
        )
        tables = list(connection.scalars(text(filled)))
        connection.execute(text(f"TRUNCATE {', '.join({*tables, 'audit_head'})} CASCADE"))
        connection.execute(text("INSERT INTO audit_head SELECT * FROM kept.audit_head"))
        for sequence in list(connection.scalars(text(_USED))):
            connection.execute(text(f"ALTER SEQUENCE {sequence} RESTART"))

    @contextmanager
    def _connected(self, name: str | None) -> Iterator[Any]:
        url = self.url(name) if name else self._server.get_uri()
        engine = create_engine(url, isolation_level="AUTOCOMMIT", future=True, poolclass=NullPool)
        with engine.connect() as connection:
            yield connection
        engine.dispose()
