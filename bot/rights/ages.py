"""Who is a child: under 18 a person has no sign-in of their own (knowledge: domain, section 7)."""

from __future__ import annotations

from datetime import date

ADULT_AT = 18


def is_minor(birth_date: date | None, day: date) -> bool:
    """Under 18 on `day`; without a birth date on file nobody counts as a child."""
    if birth_date is None:
        return False
    years = day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
    return years < ADULT_AT
