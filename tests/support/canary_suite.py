"""Every test also looks for personal values in the clear.

python -m pytest -p tests.support.canary_suite, so that the folder is found.

Whatever a test puts into a database as personal (details of people, numbers of files and phones,
addresses, recipients) is read from it with its seals opened, and must then stand in none of its
columns as they are stored, nor in the file of a SQLite database, nor in what was logged meanwhile
with PASSAGE_LOG_LEVEL=DEBUG by our set-up of logs or by processes of a service. A test in whose
databases or logs it stands fails in its teardown and names the place. With CANARY_FIGURES each
pytest process leaves there what it searched, as JSON.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import sys
import weakref
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.store import Application, Database, Outbound, Person, Phone, PostalAddress
from bot.store.keys import CannotOpen
from tests.support.processes import Service
from tests.support.searching import raw_tables, spellings

# A shorter value stands by chance among other words or in encrypted bytes: one of five letters did.
SHORTEST = 6
# The tests' own client; the service calls nobody with it.
OF_TESTS = ("httpx", "httpcore")
MOST_ROWS = 2_000
# Fields that say nothing of one person alone.
NOT_LOOKED_FOR = {"city", "province", "unit", "country", "language"}


class Watch:
    """What is watched in one pytest process: databases, logs, and what was found in a test."""

    def __init__(self) -> None:
        self.figures: Counter[str] = Counter()
        self.log = io.StringIO()
        self._open: weakref.WeakSet[Database] = weakref.WeakSet()
        self._values: dict[str, str] = {}
        self._hits: dict[str, None] = {}

    def add(self, database: Database) -> None:
        self._open.add(database)

    def search(self, database: Database) -> None:
        """Columns and file of one database, for what it keeps as personal."""
        try:
            values, sinks = _personal(database), raw_tables(database, MOST_ROWS)
        except (SQLAlchemyError, CannotOpen, ValueError, TypeError, KeyError):
            self.figures["not to be read: locked, gone or altered by the test"] += 1
            return
        self._values |= values
        path = Path(database.engine.url.database or "")
        files = [path, Path(f"{path}-wal")] if database.is_sqlite else []
        sinks |= {p.name: p.read_bytes().lower() for p in files if p.is_file()}
        self.figures["databases searched"] += 1
        self.figures["columns"] += len(sinks)
        self.figures["bytes"] += sum(map(len, sinks.values()))
        self._look(values, sinks)

    def end(self) -> list[str]:
        """What the test that ends left in the clear."""
        for database in list(self._open):
            self.search(database)
        said = self.log.getvalue().lower().encode()
        self.figures["bytes logged"] += len(said)
        self._look(self._values, {"log": said})
        found = list(self._hits)
        self.figures["personal values"] += len(self._values)
        self.figures["hits"] += len(found)
        self.log.seek(0)
        self.log.truncate()
        self._values, self._hits = {}, {}
        self._open = weakref.WeakSet()
        return found

    def _look(self, values: dict[str, str], sinks: dict[str, bytes]) -> None:
        everything = b"\n".join(sinks.values())
        for value, name in values.items():
            for spelling in spellings(value):
                if spelling not in everything:
                    continue
                alone = re.compile(rb"(?<![0-9a-z])" + re.escape(spelling) + rb"(?![0-9a-z])")
                for place, content in sinks.items():
                    if found := alone.search(content):
                        near = content[max(0, found.start() - 30) : found.end() + 30]
                        self._hits[f"{name} {value!r} in {place}: …{near!r}…"] = None


def _personal(database: Database) -> dict[str, str]:
    """{value: what it is} of everything personal that the database keeps."""
    queries = {
        "person": select(Person.details),
        "file": select(Application.number),
        "phone": select(Phone.number),
        "address": select(PostalAddress.value),
        "recipient": select(Outbound.recipient),
    }
    found: dict[str, str] = {}
    with database.read() as session:
        for kind, query in queries.items():
            for value in session.scalars(query.limit(MOST_ROWS)):
                fields = value if isinstance(value, dict) else {"": value}
                for name, one in fields.items():
                    if name not in NOT_LOOKED_FOR and len(str(one or "")) >= SHORTEST:
                        found[str(one)] = f"{kind} {name}".strip()
    return found


_watch = Watch()


def pytest_configure(config: pytest.Config) -> None:
    os.environ["PASSAGE_LOG_LEVEL"] = "DEBUG"
    init, close, stop = Database.__init__, Database.close, Service.stop

    def opened(self: Database, *given: Any) -> None:
        init(self, *given)
        _watch.add(self)

    def closed(self: Database) -> None:
        _watch.search(self)
        close(self)

    def stopped(self: Service) -> None:
        for path in self._logs.glob("*.log"):
            _watch.log.write(path.read_text(errors="replace"))
        stop(self)

    Database.__init__, Database.close = opened, closed  # type: ignore[method-assign,assignment]
    Service.stop = stopped  # type: ignore[method-assign]
    _log_as_the_service()


def _log_as_the_service() -> None:
    """Our set-up of logs, into the watch; pytest's own hooks and captures stay beside it."""
    kept = (sys.excepthook, sys.unraisablehook)
    handlers = logging.Logger.callHandlers
    with mock.patch.object(sys, "stderr", _watch.log):
        logs.configure_logs("suite")
    sys.excepthook, sys.unraisablehook = kept
    ours = logging.Logger.callHandlers

    def both(self: logging.Logger, record: logging.LogRecord) -> None:
        if not record.name.startswith(OF_TESTS):
            ours(self, record)
        handlers(self, record)

    logging.Logger.callHandlers = both  # type: ignore[method-assign]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Before its fixtures are torn down: then databases are gone, or emptied."""
    yield
    item.stash[_FOUND] = _watch.end()


_FOUND = pytest.StashKey[list[str]]()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    outcome: Any = yield
    report = outcome.get_result()
    found = item.stash.get(_FOUND, []) if report.when == "teardown" else []
    if found:
        report.outcome = "failed"
        report.longrepr = "\n".join(["personal values in the clear:", *found[:20]])


def pytest_sessionfinish() -> None:
    folder = os.environ.get("CANARY_FIGURES")
    if folder:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        (Path(folder) / f"{worker}.json").write_text(json.dumps(_watch.figures))
