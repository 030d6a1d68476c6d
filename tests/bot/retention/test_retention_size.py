"""Many rows go in short transactions and little memory; a kill in the middle costs nothing; what
went is not in the file any more."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, event, func, insert, select, type_coerce
from sqlalchemy.engine import Engine

from bot.audit.verify import verify
from bot.clock import now
from bot.retention.purge import ACT, purge
from bot.retention.sweeps import SWEEPS
from bot.store import (
    AuditEntry,
    Choice,
    Conversation,
    Database,
    Inbox,
    Line,
    Tally,
    TrackerEvent,
)
from tests.bot.retention.leftovers import add_talk, snapshot

ROOT = Path(__file__).parents[3]
MANY = 100_000
LONG_AGO = timedelta(days=100)
PURGER = """
    import sys
    from bot.clock import now
    from bot.retention.purge import purge_steps
    from bot.store import Database
    from tests.conftest import KEYS
    for step in purge_steps(Database(sys.argv[1], KEYS), now()):
        print(step.kind, step.count, flush=True)
"""


@dataclass
class Watched:
    """What a database was told: statements by transaction that wrote."""

    transactions: list[list[str]] = field(default_factory=list)

    @property
    def writing(self) -> list[list[str]]:
        return [t for t in self.transactions if any(s.startswith("DELETE") for s in t)]


@contextmanager
def watched() -> Iterator[Watched]:
    found = Watched()

    def begin(_: Any) -> None:
        found.transactions.append([])

    def execute(_: Any, __: Any, statement: str, *___: Any) -> None:
        if found.transactions:
            found.transactions[-1].append(statement)

    listeners = (("begin", begin), ("before_cursor_execute", execute))
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        yield found
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)


def add_tallies(database: Database, number: int) -> None:
    """Counts of tries from long ago, and one of just now."""
    for start in range(0, number, 10_000):
        rows = [
            {"kind": "details.person", "subject": n.to_bytes(16, "big"),
             "started_at": now() - LONG_AGO, "count": 1}
            for n in range(start, start + 10_000)
        ]  # fmt: skip
        with database.write() as session:
            session.execute(insert(Tally), rows)
    with database.write() as session:
        session.add(Tally(kind="details.person", subject=b"new", started_at=now(), count=1))


def add_conversations(database: Database, number: int, lines: int, at: datetime) -> None:
    """Conversations whose last line was then."""
    names = [f"{at:%j}-{n:06d}" for n in range(number)]
    common = {"channel": "web", "language": "en", "last_line": lines, "last_event": lines,
              "created_at": at, "last_at": at, "on_hold": False}  # fmt: skip
    with database.write() as session:
        session.execute(insert(Conversation), [{"id": name, **common} for name in names])
        for name in names:
            _fill(session, name, lines, at)


def _fill(session: Any, name: str, lines: int, at: datetime) -> None:
    numbers = range(1, lines + 1)
    session.execute(
        insert(Line),
        [{"conversation_id": name, "number": n, "author": "user", "client_id": None,
          "body": {"text": f"{name} {n}"}, "created_at": at} for n in numbers],
    )  # fmt: skip
    session.execute(
        insert(TrackerEvent),
        [{"conversation_id": name, "position": n, "data": {"text": name}} for n in numbers],
    )
    session.add(
        Inbox(conversation_id=name, client_id="m", kind="text", text=name, state="done",
              due_at=at, received_at=at)
    )  # fmt: skip
    session.add(Choice(id=name, conversation_id=name, label=name, intent="x", entities={}))


def test_a_hundred_thousand_rows_go_in_short_transactions_and_little_memory(
    database: Database,
) -> None:
    add_tallies(database, MANY)
    batch = next(s.batch for s in SWEEPS if s.kind == "tries")
    with watched() as seen, _peak_below(8_000_000):
        assert purge(database, now())["tries"] == MANY
    assert len(seen.writing) == MANY // batch
    assert max(len(statements) for statements in seen.writing) < 12
    assert snapshot(database)["tally"] == 1
    with database.read() as session:
        counts = session.scalars(select(AuditEntry.detail).where(AuditEntry.act == ACT)).all()
        assert list(verify(session)) == []
    assert {entry["count"] for entry in counts} == {batch}


@contextmanager
def _peak_below(limit: int) -> Iterator[None]:
    """What Python holds at any moment, however many rows there are."""
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < limit


def test_conversations_take_few_statements_however_long_they_are(database: Database) -> None:
    add_conversations(database, 120, 40, now() - LONG_AGO)
    with watched() as seen:
        assert purge(database, now())["conversations"] == 120
    assert len(seen.writing) == 3
    assert max(len(statements) for statements in seen.writing) < 20
    assert sum(snapshot(database)[t] for t in ("line", "inbox", "choice", "tracker_event")) == 0


def test_a_killed_purge_goes_on_and_counts_nothing_twice(database: Database) -> None:
    add_tallies(database, 20_000)
    add_conversations(database, 300, 3, now() - LONG_AGO)
    add_conversations(database, 20, 3, now())
    rng = random.Random(3)
    for batches in (1, 12):
        _kill_after(_purger(database.url), batches, rng.uniform(0, 0.05))
    left = snapshot(database)
    assert 0 < left["tally"] + left["conversation"] < 20_321, "killed in the middle"
    purge(database, now())
    left = snapshot(database)
    assert (left["tally"], left["conversation"], left["line"]) == (1, 20, 60)
    counted: Counter[str] = Counter()
    with database.read() as session:
        for detail in session.scalars(select(AuditEntry.detail).where(AuditEntry.act == ACT)):
            counted[detail["kind"]] += detail["count"]
        assert list(verify(session)) == []
    assert counted == {"tries": 20_000, "conversations": 300}


def test_two_purges_at_once_do_no_harm(database: Database) -> None:
    add_tallies(database, 10_000)
    add_conversations(database, 200, 3, now() - LONG_AGO)
    purgers = [_purger(database.url) for _ in range(2)]
    said = [process.communicate(timeout=120)[0].split() for process in purgers]
    assert [process.returncode for process in purgers] == [0, 0]
    purge(database, now())
    left = snapshot(database)
    assert (left["tally"], left["conversation"]) == (1, 0)
    total = sum(int(word) for words in said for word in words[1::2])
    assert total <= 10_200
    with database.read() as session:
        assert list(verify(session)) == []


def test_what_went_is_not_in_the_file_any_more(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("a file of SQLite")
    add_conversations(database, 300, 5, now() - LONG_AGO)
    add_conversations(database, 50, 5, now())
    with database.write() as session:
        session.get(Conversation, add_talk(session)).last_at = now() - LONG_AGO
    old, young = _sealed(database, LONG_AGO), _sealed(database, timedelta(0))
    # Somebody has it open, as the running service has: SQLite tidies up by itself when nobody has.
    with closing(sqlite3.connect(str(database.engine.url.database))) as somebody:
        somebody.execute("SELECT count(*) FROM conversation").fetchall()
        content = _file(database)
        assert all(value in content for value in (*old, *young)), "it is looked for rightly"
        purge(database, now())
        content = _file(database)
    assert not [value for value in old if value in content]
    assert all(value in content for value in young)


def _sealed(database: Database, ago: timedelta) -> list[bytes]:
    """Everything sealed in conversations of that age, as it stands in the file."""
    found: list[bytes] = []
    day = now() - ago
    with database.read() as session:
        ids = (
            select(Conversation.id)
            .where(func.abs(func.julianday(Conversation.last_at) - func.julianday(day)) < 1)
            .scalar_subquery()
        )
        for column in (Line.body, Inbox.text, TrackerEvent.data, Choice.label):
            rows = session.scalars(
                select(type_coerce(column, LargeBinary)).where(
                    column.class_.conversation_id.in_(ids)
                )
            )
            found += rows
    assert found
    return found


def _file(database: Database) -> bytes:
    """The database's file and its write-ahead log."""
    path = Path(str(database.engine.url.database))
    log = path.with_name(f"{path.name}-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


def _purger(url: str) -> subprocess.Popen[str]:
    """A real purge in a process of its own; it prints each batch."""
    command = [sys.executable, "-c", textwrap.dedent(PURGER), url]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


def _kill_after(process: subprocess.Popen[str], batches: int, pause: float) -> None:
    """kill -9 a moment after that many batches: somewhere in the next one."""
    assert process.stdout is not None
    for _ in range(batches):
        process.stdout.readline()
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
