"""One importer at a time on one database: it gives out the ids itself."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select

from bot.cases.errors import ImportBusy
from bot.store import Database

# Any number, as long as nothing else in the service takes the same one.
_ADVISORY_LOCK = 7_277_244_301


@contextmanager
def only_importer(database: Database) -> Iterator[None]:
    """Hold the importer's lock. It goes with the process, however that ends.

    Raises:
        ImportBusy: somebody else holds it.
    """
    holding = _hold_file(database) if database.is_sqlite else _hold_advisory(database)
    with holding:
        yield


@contextmanager
def _hold_file(database: Database) -> Iterator[None]:
    name = database.engine.url.database
    if not name or name == ":memory:":
        yield  # nobody else can reach it
        return
    # The file stays: removing it would let two importers lock two different files.
    handle = os.open(f"{name}.import.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise ImportBusy from None
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def _hold_advisory(database: Database) -> Iterator[None]:
    # Autocommit: a transaction left open for the whole import would hold back the vacuum.
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.execute(select(func.pg_try_advisory_lock(_ADVISORY_LOCK))).scalar():
            raise ImportBusy
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(_ADVISORY_LOCK)))
