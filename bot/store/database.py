"""One database: SQLite by default, PostgreSQL to scale, the same code on both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from bot.store.keys import Keys
from bot.store.threads import Threads
from bot.store.turns import Turns

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 5_000
PATIENCE_MS = 300_000


class Database:
    """Short sessions on one database.

    `read()` gives a session that sees one moment and writes nothing; `write()` gives one
    transaction that is committed when the block ends and rolled back when it raises. On SQLite a
    write takes its lock at once (BEGIN IMMEDIATE), so it waits for its turn instead of failing;
    the threads of a process wait in their order. An event loop asks in `threads`.
    """

    def __init__(self, url: str, keys: Keys) -> None:
        self.url = url
        self.keys = keys
        self.engine = _make_engine(url)
        self.engine.dialect.passage_keys = keys  # for the sealed columns
        self._writer = self.engine.execution_options(passage_write=True)
        self._patient = self._writer.execution_options(passage_patient=True)
        self._turns = Turns(BUSY_TIMEOUT_MS / 1000)
        self.threads = Threads(self.is_sqlite)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Any]:
        with self._session(self.engine) as session:
            yield session

    @contextmanager
    def write(self, patiently: bool = False) -> Iterator[Any]:
        """`patiently` is for work that nobody waits for: on SQLite, whose lock goes to who asks
        just then, a busy sender can keep an import from it for longer than a request may wait."""
        engine = self._patient if patiently else self._writer
        with self._turn(), self._session(engine) as session, session.begin():
            yield session

    @contextmanager
    def rehearse(self) -> Iterator[Any]:
        """A transaction that is taken back at its end: what would be, if it were carried out."""
        with self._turn(), self._session(self._writer) as session:
            session.begin()
            try:
                yield session
            finally:
                session.rollback()

    def _turn(self) -> AbstractContextManager[None]:
        return self._turns.taken() if self.is_sqlite else nullcontext()

    def _session(self, engine: Engine) -> Session:
        return Session(engine, future=True, expire_on_commit=False, info={"keys": self.keys})

    def migrate(self) -> None:
        """Bring the tables to the newest migration; running it again changes nothing."""
        if self._is_current():
            return
        # Only now: importing Alembic takes longer than everything else the front does at start.
        import alembic.command
        import alembic.config

        config = alembic.config.Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.write() as session:
            if not self.is_sqlite:  # one at a time; SQLite's write lock does the same
                session.execute(text("SELECT pg_advisory_xact_lock(727100)"))
            config.attributes["connection"] = session.connection()
            alembic.command.upgrade(config, "head")

    def _is_current(self) -> bool:
        """True when the database is at the newest file of the migrations folder."""
        newest = max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*"))
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            return connection.scalar(text("SELECT version_num FROM alembic_version")) == newest

    def close(self) -> None:
        self.threads.close()
        self.engine.dispose()


def _make_engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        # Kept open: each new connection reads the schema and has no prepared statement, and when
        # the last one closes SQLite moves its whole journal into the database. None is ever waited
        # for: at the lock of the file everybody waits anyway.
        engine = create_engine(
            url,
            future=True,
            poolclass=QueuePool,
            max_overflow=-1,
            connect_args={"check_same_thread": False},
        )
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
        return engine
    return create_engine(url, future=True, pool_size=10, max_overflow=10, pool_pre_ping=True)


def _set_pragmas(connection: Any, _record: Any) -> None:
    # The driver must not start transactions by itself: _begin does (SQLAlchemy's pysqlite recipe).
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # acknowledged means on disk
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin(connection: Any) -> None:
    options = connection.get_execution_options()
    begin = "BEGIN IMMEDIATE" if options.get("passage_write") else "BEGIN"
    if not options.get("passage_patient"):
        connection.exec_driver_sql(begin)
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE_MS}")
    try:
        connection.exec_driver_sql(begin)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
