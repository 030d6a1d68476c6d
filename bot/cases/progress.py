"""How far an import is: the case_import row, and the file of lines that were set aside.

Both move together. Rejected lines reach the disk before the transaction that counts them; what a
killed import wrote beyond its last commit is cut off when it goes on.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from bot.cases.source import Rejected, Source
from bot.clock import now
from bot.store import CaseImport, Database

_COUNTS = ("added", "updated", "unchanged", "rejected")


@dataclass
class Progress:
    """`position` is the byte offset of the next line, `lines` the lines before it."""

    position: int = 0
    lines: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0


class RejectedFile:
    """FILE.rejected.jsonl: {"line": n, "reason": {"en", "fr"}, "record": text} per line."""

    def __init__(self, source: Path) -> None:
        self.path = source.with_name(f"{source.name}.rejected.jsonl")

    def append(self, rejected: list[Rejected]) -> None:
        """Add entries and wait until they are on the disk."""
        if not rejected:
            return
        # Records are personal: for the operator's eyes only.
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "wb") as file:
            for entry in rejected:
                file.write(_entry(entry))
            file.flush()
            os.fsync(file.fileno())

    def keep(self, lines: int) -> int:
        """Cut off what concerns lines after the first `lines`; returns the entries that stay."""
        if not self.path.exists():
            return 0
        kept = end = 0
        with self.path.open("r+b") as file:
            for entry in file:
                if not _concerns(entry, lines):
                    break
                kept, end = kept + 1, end + len(entry)
            file.truncate(end)
        if not kept:
            self.path.unlink()
        return kept


def begin(database: Database, source: Source, rejected: RejectedFile) -> Progress:
    """Where to go on: at the start, unless an import of these very bytes was broken off."""
    with database.write(patiently=True) as session:
        row = session.execute(
            select(CaseImport).where(CaseImport.file_key == source.key)
        ).scalar_one_or_none()
        progress = Progress()
        if row is not None and row.finished_at is None:
            progress = Progress(row.position, row.lines, *(getattr(row, c) for c in _COUNTS))
        # Without its rejected lines (the file lies elsewhere now) it starts over: nothing is
        # loaded twice, and every bad line is reported again.
        if rejected.keep(progress.lines) != progress.rejected:
            progress = Progress()
            rejected.keep(0)
        values = {**asdict(progress), "finished_at": None}
        if row is None:
            session.execute(insert(CaseImport).values(file_key=source.key, **values))
        else:
            _save(session, source, values)
    return progress


def save(session: Any, source: Source, progress: Progress) -> None:
    """Write the progress in the transaction of the batch that it counts."""
    _save(session, source, asdict(progress))


def finish(session: Any, source: Source) -> None:
    _save(session, source, {"finished_at": now()})


def _save(session: Any, source: Source, values: dict[str, Any]) -> None:
    session.execute(update(CaseImport).where(CaseImport.file_key == source.key).values(**values))


def _entry(entry: Rejected) -> bytes:
    body = {"line": entry.line, "reason": entry.reason, "record": entry.text}
    # A reason may quote half of a surrogate pair, which UTF-8 cannot write.
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _concerns(entry: bytes, lines: int) -> bool:
    """True for a whole entry about one of the first `lines` lines."""
    try:
        return bool(entry.endswith(b"\n") and json.loads(entry)["line"] <= lines)
    except (ValueError, KeyError, TypeError):
        return False
