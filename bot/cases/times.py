"""Published processing times and service standards: dated figures with their official address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.cases.lines import line_of
from bot.cases.reasons import BadRecord, because, wrong
from bot.cases.schemas import load_object, validate
from bot.store import Database, PublishedTime

_KEY = ("line", "stream", "kind", "as_of")
_VALUES = ("value", "unit", "url_en", "url_fr", "sample")


@dataclass(frozen=True)
class TimesResult:
    """What became of the lines; `rejected` holds (line number, reason in both languages)."""

    added: int
    updated: int
    unchanged: int
    rejected: tuple[tuple[int, dict[str, str]], ...]


def import_times(database: Database, path: Path) -> TimesResult:
    """Load published times from a .jsonl file (times_schema.json); bad lines are left out.

    A figure is known by line, stream, kind and day; a later file may correct it.

    Raises:
        OSError: the file cannot be read.
    """
    rows, rejected = [], []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            if line.strip():
                rows.append(_row(line))
        except BadRecord as bad:
            rejected.append((number, bad.reason))
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    with database.write() as session:
        for row in rows:
            counts[_upsert(session, row)] += 1
    return TimesResult(**counts, rejected=tuple(rejected))


def latest_time(session: Any, line: str, stream: str | None, kind: str) -> PublishedTime | None:
    """The newest figure of this kind for the stream, else the one for the whole line.

    `kind` is processing_time | service_standard.
    """
    # A stream of its own sorts after the empty one.
    return session.scalars(
        select(PublishedTime)
        .where(
            PublishedTime.line == line,
            PublishedTime.stream.in_(["", stream or ""]),
            PublishedTime.kind == kind,
        )
        .order_by(PublishedTime.stream.desc(), PublishedTime.as_of.desc())
        .limit(1)
    ).first()


def _row(line: bytes) -> dict[str, Any]:
    raw = load_object(line)
    validate("times_schema.json", raw)
    row = {"sample": False, **raw, "stream": raw.get("stream") or ""}
    streams = line_of(row["line"]).streams
    if row["stream"] and row["stream"] not in streams:
        raise because(
            "not_of_line", field="stream", line=row["line"], allowed=", ".join(streams) or "-"
        )
    try:
        row["as_of"] = date.fromisoformat(row["as_of"])
    except ValueError:
        raise wrong("as_of", row["as_of"], "date") from None
    return row


def _upsert(session: Any, row: dict[str, Any]) -> str:
    found = session.scalars(
        select(PublishedTime).where(*(getattr(PublishedTime, k) == row[k] for k in _KEY))
    ).first()
    if found is None:
        session.add(PublishedTime(**row))
        session.flush()
        return "added"
    if all(getattr(found, name) == row[name] for name in _VALUES):
        return "unchanged"
    for name in _VALUES:
        setattr(found, name, row[name])
    return "updated"
