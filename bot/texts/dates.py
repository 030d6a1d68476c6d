"""Dates as people read them: "March 3, 2026", « 3 mars 2026 »."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.texts import say

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
# The zones whose time has a name that people know, with its key in zone.yml.
ZONES = {
    "America/Vancouver": "vancouver", "America/Whitehorse": "whitehorse",
    "America/Edmonton": "edmonton", "America/Yellowknife": "edmonton",
    "America/Cambridge_Bay": "edmonton", "America/Regina": "regina",
    "America/Winnipeg": "winnipeg", "America/Rankin_Inlet": "winnipeg",
    "America/Toronto": "toronto", "America/Iqaluit": "toronto", "America/Halifax": "halifax",
    "America/Moncton": "halifax", "America/Goose_Bay": "halifax", "America/St_Johns": "st_johns",
}  # fmt: skip


def long_date(language: str, day: date) -> str:
    """`day` in words, without an article: "March 3, 2026" / « 3 mars 2026 »."""
    month = _MONTHS[language].split()[day.month - 1]
    if language == "en":
        return f"{month} {day.day}, {day.year}"
    return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"


def long_moment(language: str, moment: datetime) -> str:
    """`moment` on the clocks of its own zone: "March 3, 2026, 2:05 p.m. (Eastern Time)" /
    « 3 mars 2026 à 14 h 05 (heure de l’Est) »."""
    between = ", " if language == "en" else " à "
    day, hour = long_date(language, moment.date()), clock_text(language, moment.time())
    return f"{day}{between}{hour} ({zone_name(language, str(moment.tzinfo))})"


def clock_text(language: str, hour: time) -> str:
    """ "8:00 a.m." / « 8 h »."""
    if language == "fr":
        return f"{hour.hour}\u00a0h" + (f"\u00a0{hour.minute:02}" if hour.minute else "")
    half = "a.m." if hour.hour < 12 else "p.m."
    return f"{hour.hour % 12 or 12}:{hour.minute:02}\u00a0{half}"


def zone_name(language: str, zone: str) -> str:
    """What people call the time in this zone of the IANA database."""
    return say(language, f"zone.{ZONES.get(zone, 'local')}")
