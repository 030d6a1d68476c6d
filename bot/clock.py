"""The time, in one place so that tests can move it."""

from __future__ import annotations

from datetime import date, datetime, timezone


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(timezone.utc)


def today() -> date:
    """Today's date in UTC."""
    return now().date()
