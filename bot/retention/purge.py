"""Removes what is due, in small batches beside the running service.

Each batch is one short transaction with its own audit row, so a purge that was killed has done
whole batches only, and the next one goes on with what is left. Two purges at once do no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot import audit
from bot.retention.removing import Batch
from bot.retention.sweeps import SWEEPS, Sweep
from bot.retention.table import rules
from bot.store import Database
from bot.store.moments import read_clock

ACT = "retention.purged"
CHECKPOINT_TIMEOUT_MS = 200


@dataclass(frozen=True)
class Step:
    """One batch that was removed."""

    kind: str
    count: int


def purge(
    database: Database, moment: datetime, on_progress: Callable[[Step], None] | None = None
) -> dict[str, int]:
    """Remove everything that is due at `moment`; returns how many rows of each kind went.

    `moment` counts for rows that carry the service's time. Codes, tries and the vault carry the
    database's and follow its clock.
    """
    counts = {sweep.kind: 0 for sweep in SWEEPS}
    for step in purge_steps(database, moment):
        counts[step.kind] += step.count
        if on_progress is not None:
            on_progress(step)
    return counts


def purge_steps(database: Database, moment: datetime) -> Iterator[Step]:
    """The same batch by batch, for those who have other things to do in between."""
    any_gone = False
    for sweep in SWEEPS:
        while count := _remove_batch(database, sweep, moment):
            any_gone = True
            yield Step(sweep.kind, count)
    if any_gone:
        _leave_no_copy(database)


def due(database: Database, moment: datetime) -> dict[str, int]:
    """How many rows of each kind are due; changes nothing."""
    with database.read() as session:
        return {
            sweep.kind: session.scalar(
                select(func.count())
                .select_from(sweep.key[0].class_)
                .where(*sweep.due(_cutoff(session, sweep, moment)))
            )
            for sweep in SWEEPS
        }


def _remove_batch(database: Database, sweep: Sweep, moment: datetime) -> int:
    with database.read() as session:
        cutoff = _cutoff(session, sweep, moment)
        conditions = sweep.due(cutoff)
        rows = session.execute(select(*sweep.key).where(*conditions).limit(sweep.batch)).all()
    if not rows:
        return 0
    batch = Batch(sweep.key, [tuple(row) for row in rows], conditions, moment, cutoff)
    with database.write() as session:
        count = sweep.remove(session, batch)
        if count:
            audit.record(session, ACT, kind=sweep.kind, count=count)
    return count


def _cutoff(session: Any, sweep: Sweep, moment: datetime) -> datetime:
    keep = rules()[sweep.kind].keep
    assert keep is not None, f"{sweep.kind} has no period of its own"
    return (read_clock(session) if sweep.clock == "database" else moment) - keep


def _leave_no_copy(database: Database) -> None:
    """SQLite overwrites what is deleted, but its write-ahead log still holds the old pages: empty
    it. While somebody reads this waits a moment only, because writers wait with it; the next purge
    tries again."""
    if not database.is_sqlite:
        return
    connection = database.engine.raw_connection()
    connection.detach()  # with a time-out of its own it must not serve anybody else
    with closing(connection), closing(connection.cursor()) as cursor:
        cursor.execute(f"PRAGMA busy_timeout={CHECKPOINT_TIMEOUT_MS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
