"""Published processing times and service standards: dated rows, never constants."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.store import PublishedTime


def latest_time(session: Any, line: str, stream: str | None, kind: str) -> Any:
    """The newest row of `kind` for the line and stream, or None."""
    return session.execute(
        select(PublishedTime)
        .where(
            PublishedTime.line == line,
            PublishedTime.stream == (stream or ""),
            PublishedTime.kind == kind,
        )
        .order_by(PublishedTime.as_of.desc())
        .limit(1)
    ).scalar_one_or_none()
