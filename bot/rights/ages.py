"""Who is a child: under 18 a person has no sign-in of their own (knowledge: domain, section 7)."""

from __future__ import annotations

from datetime import date

ADULT_AT = 18


def is_minor(birth_date: date | None, day: date) -> bool:
    """Under 18 on `day`; without a birth date on file nobody counts as a child."""
    if birth_date is None:
        return False
    return age_on(birth_date, day) < ADULT_AT


def age_on(birth_date: date, day: date) -> int:
    """Full years on `day`."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)
