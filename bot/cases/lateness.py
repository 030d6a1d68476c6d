"""Is a file past its published time? Counted from the day the complete application was received
(knowledge: domain, section 4.3)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def is_late(received_on: date, time: Any, today: date) -> bool | None:
    """Past the published `time` (a row or None); the last day of that time is still within it."""
    if time is None:
        return None
    if time.unit == "days":
        return (today - received_on).days > time.value
    return today > _months_after(received_on, time.value)


def _months_after(start: date, months: int) -> date:
    """The same day `months` later, or the last one of a shorter month."""
    years, month = divmod(start.month - 1 + months, 12)
    last = monthrange(start.year + years, month + 1)[1]
    return date(start.year + years, month + 1, min(start.day, last))
