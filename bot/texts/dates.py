"""Dates as people read them: "March 3, 2026", « 3 mars 2026 »."""

from __future__ import annotations

from datetime import date

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
