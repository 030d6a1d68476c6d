"""Dates as people read them: "March 3, 2026", « 3 mars 2026 »."""

from __future__ import annotations

from datetime import date, datetime, timezone

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


def long_date(language: str, day: date) -> str:
    """`day` in words, without an article: "March 3, 2026" / « 3 mars 2026 »."""
    month = _MONTHS[language].split()[day.month - 1]
    if language == "en":
        return f"{month} {day.day}, {day.year}"
    return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"


def long_moment(language: str, moment: datetime) -> str:
    """`moment` in UTC: "March 3, 2026, 14:05 (UTC)" / « 3 mars 2026 à 14 h 05 (UTC) »."""
    utc = moment.astimezone(timezone.utc)
    day = long_date(language, utc.date())
    if language == "en":
        return f"{day}, {utc:%H:%M} (UTC)"
    return f"{day} à {utc.hour}\u00a0h\u00a0{utc:%M} (UTC)"
