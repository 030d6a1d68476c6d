"""The details form, read tolerantly; every mistake is answered with what is expected.

The fields are those the tracker asks for (knowledge: domain, section 1.2): representatives and
designated persons give the applicant's details and, besides, their party ID and own names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.clock import today
from bot.store.normal import normal_name, normal_number, normal_party_id, normal_uci

FIELDS = ("uci", "number", "family_name", "given_names", "birth_date", "birth_place")
REPRESENTATIVE_FIELDS = ("party_id", "own_family_name", "own_given_names")
MAX_FIELD = 120
_DATE = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")


@dataclass(frozen=True)
class Representative:
    """Who asks for somebody else; `party_id` is in its normal form."""

    party_id: str
    family_name: str
    given_names: str


@dataclass(frozen=True)
class Details:
    """What is said of the applicant; `uci` and `number` are already in their normal form."""

    uci: str
    number: str
    family_name: str
    given_names: str
    birth_date: date
    birth_place: str
    representative: Representative | None = None


class DetailsInvalid(Exception):
    """Some fields cannot be right; `errors` maps each to the key of the sentence that helps."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(errors)))
        self.errors = errors


def parse_details(form: Mapping[str, str]) -> Details:
    """The details in their normal form; with `party_id` in the form also the representative's.

    Raises:
        DetailsInvalid: keys of `errors` are names of fields, values are keys of texts.
    """
    names = FIELDS + (REPRESENTATIVE_FIELDS if "party_id" in form else ())
    values = {name: str(form.get(name, ""))[: MAX_FIELD + 1].strip() for name in names}
    read: dict[str, Any] = {n: _READERS.get(n, _name)(value) for n, value in values.items()}
    errors = {name: f"identity.error.{name}" for name in names if not read[name]}
    if errors:
        raise DetailsInvalid(errors)
    own = {name: read.pop(name) for name in REPRESENTATIVE_FIELDS if name in read}
    return Details(**read, representative=_representative(own))


def _representative(own: dict[str, str]) -> Representative | None:
    if not own:
        return None
    return Representative(own["party_id"], own["own_family_name"], own["own_given_names"])


def _name(value: str) -> str | None:
    return value if len(value) <= MAX_FIELD and normal_name(value) else None


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


_READERS: dict[str, Callable[[str], Any]] = {
    "uci": normal_uci,
    "number": normal_number,
    "birth_date": _past_date,
    "party_id": normal_party_id,
}
