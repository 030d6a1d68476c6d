"""The declaration of presence: physically in Canada now, where, since when, nothing left to report.

The questions are those that people report from the portal (knowledge: domain, 2.2, 2.5); the
official list was not found, so they are to be confirmed by the department.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.clock import today

PROVINCES = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT")
LONGEST_CITY = 60
FIELDS = ("in_canada", "city", "province", "since", "nothing_changed", "true")


@dataclass(frozen=True)
class Declaration:
    """What was declared: the city and province where the person is, and the day of the last
    entry to Canada."""

    city: str
    province: str
    since: date

    def as_json(self) -> dict[str, str]:
        return {"city": self.city, "province": self.province, "since": self.since.isoformat()}


class DeclarationInvalid(Exception):
    """`errors`: for each field the text key that says what is expected."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class CannotDeclare(Exception):
    """An answer with which nobody lands: `reason` is abroad | changed (landing.cannot.<reason>)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_declaration(form: Mapping[str, Any]) -> Declaration:
    """The declaration of a form; every value is a string, "yes" or "no" for the questions.

    Raises:
        CannotDeclare: abroad, or something changed that must be reported first.
        DeclarationInvalid
    """
    if form.get("in_canada") == "no":
        raise CannotDeclare("abroad")
    if form.get("nothing_changed") == "no":
        raise CannotDeclare("changed")
    errors = {
        name: f"landing.field.{name}"
        for name in ("in_canada", "nothing_changed", "true")
        if form.get(name) != "yes"
    }
    city = " ".join(str(form.get("city", "")).split())
    since = _day(form.get("since"))
    if not any(c.isalpha() for c in city) or len(city) > LONGEST_CITY or not city.isprintable():
        errors["city"] = "landing.field.city"
    if form.get("province") not in PROVINCES:
        errors["province"] = "landing.field.province"
    if since is None or since > today():
        errors["since"] = "landing.field.since"
    if errors or since is None:
        raise DeclarationInvalid(errors)
    return Declaration(city, str(form["province"]), since)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
