"""The details form, read tolerantly; every mistake is answered with what is expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from bot.clock import today
from bot.identity.matching import Details
from bot.store.normal import normal_name, normal_number, normal_uci

FIELDS = ("uci", "number", "family_name", "given_names", "birth_date", "birth_place")
MAX_FIELD = 120
_DATE = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")


class DetailsInvalid(Exception):
    """Some fields cannot be right; `errors` maps each to the key of the sentence that helps."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(errors)))
        self.errors = errors


def parse_details(form: Mapping[str, str]) -> Details:
    """The details in their normal form.

    Raises:
        DetailsInvalid: keys of `errors` are names of FIELDS, values are keys of texts.
    """
    values = {name: str(form.get(name, ""))[: MAX_FIELD + 1].strip() for name in FIELDS}
    errors: dict[str, str] = {}
    uci = normal_uci(values["uci"])
    number = normal_number(values["number"])
    birth_date = _past_date(values["birth_date"])
    for name, good in (("uci", uci), ("number", number), ("birth_date", birth_date)):
        if not good:
            errors[name] = f"identity.error.{name}"
    for name in ("family_name", "given_names", "birth_place"):
        if len(values[name]) > MAX_FIELD or not normal_name(values[name]):
            errors[name] = f"identity.error.{name}"
    if errors or uci is None or number is None or birth_date is None:
        raise DetailsInvalid(errors)
    return Details(
        uci=uci,
        number=number,
        family_name=values["family_name"],
        given_names=values["given_names"],
        birth_date=birth_date,
        birth_place=values["birth_place"],
    )


def _past_date(value: str) -> date | None:
    """A date as YYYY-MM-DD (any usual separator), in the past and within 130 years."""
    found = _DATE.fullmatch(value)
    if not found:
        return None
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
    return day if date(today().year - 130, 1, 1) <= day <= today() else None
