"""Import a file of cases: `import_cases`.

Every batch is one transaction that also moves the case_import row, so a process killed at any
moment goes on where its last commit left off, and the same file again changes nothing.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.cases.applying import ADDED, UNCHANGED, UPDATED, Applying
from bot.cases.lock import only_importer
from bot.cases.progress import Progress, RejectedFile, begin, finish, save
from bot.cases.reasons import BadRecord
from bot.cases.source import Batch, Rejected, Source
from bot.cases.worker import RARELY, open_batches
from bot.cases.writing import write
from bot.notices.telling import tell_all
from bot.store import Application, Database, Person


@dataclass(frozen=True)
class ImportProgress:
    """Where an import stands: bytes of the file, and lines by what became of them."""

    position: int
    size: int
    lines: int
    rejected: int


@dataclass(frozen=True)
class ImportResult:
    """What became of the lines of a file. `resumed_after` is the number of lines that an earlier,
    broken-off import had already done; `rejected_file` is None when every line was loaded."""

    lines: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    resumed_after: int
    rejected_file: Path | None


def import_cases(
    database: Database,
    path: Path,
    on_progress: Callable[[ImportProgress], None] | None = None,
) -> ImportResult:
    """Load the cases of a .jsonl file; bad lines go to FILE.rejected.jsonl, the rest is loaded.

    Raises:
        CannotImport: another importer is at work (ImportBusy), or the file changed meanwhile.
        OSError: the file cannot be read, or the rejected lines cannot be written.
    """
    with only_importer(database), _collecting_rarely():
        source = Source.of(path)
        rejected = RejectedFile(path)
        progress = begin(database, source, rejected)
        resumed_after = progress.lines
        if on_progress:
            on_progress(_standing(source, progress))
        with open_batches(source, progress.position, progress.lines) as batches:
            for batch in batches:
                source.check_unchanged()
                _import_batch(database, source, batch, progress, rejected)
                if on_progress:
                    on_progress(_standing(source, progress))
        with database.write(patiently=True) as session:
            finish(session, source)
            _move_sequences(session)
    return ImportResult(
        progress.lines,
        progress.added,
        progress.updated,
        progress.unchanged,
        progress.rejected,
        resumed_after,
        rejected.path if progress.rejected else None,
    )


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.set_threshold(RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _import_batch(
    database: Database,
    source: Source,
    batch: Batch,
    progress: Progress,
    rejected: RejectedFile,
) -> None:
    """Bring one batch in, in one transaction, and move the progress."""
    with database.write(patiently=True) as session:
        applying = Applying(session, [parsed.record for parsed in batch.parsed])
        bad = list(batch.rejected)
        outcomes: Counter[str] = Counter()
        for parsed in batch.parsed:
            try:
                outcomes[applying.apply(parsed.record)] += 1
            except BadRecord as reason:
                bad.append(Rejected(parsed.line, reason.reason, source.text(parsed)))
        write(session, applying)
        tell_all(session, applying.news)
        rejected.append(sorted(bad))
        progress.position, progress.lines = batch.end, progress.lines + batch.lines
        progress.added += outcomes[ADDED]
        progress.updated += outcomes[UPDATED]
        progress.unchanged += outcomes[UNCHANGED]
        progress.rejected += len(bad)
        save(session, source, progress)


def _standing(source: Source, progress: Progress) -> ImportProgress:
    return ImportProgress(progress.position, source.size, progress.lines, progress.rejected)


def _move_sequences(session: Any) -> None:
    """Let PostgreSQL's own numbers go on behind those that were given out here."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in (Application, Person):
        last = select(func.coalesce(func.max(table.id), 1)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.__tablename__, "id")
        session.execute(select(func.setval(sequence, last)))
