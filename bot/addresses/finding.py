"""What of an address stands in a sentence, to begin the form with. A guess that is shown, not used.

Nothing is invented: what is not in the sentence, or not sure, stays out, and the person sees the
form with what was found.
"""

from __future__ import annotations

import re
import unicodedata

from bot.addresses.casing import cased_name, cased_street
from bot.addresses.provinces import read_province, tidy_postal
from bot.addresses.streets import has_civic_number, is_box, split_unit, tidy_street
from bot.addresses.words import DIRECTIONS, ENGLISH_TYPES, FRENCH_TYPES, LONG_DIRECTIONS

_MAX_TEXT = 1000
_POSTAL = re.compile(
    r"\b([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])[ -]?(\d[ABCEGHJ-NPRSTV-Z]\d)\b", re.I
)
# The last words before the postal code or the end, in which a province may stand.
_LAST = re.compile(r"(?P<before>.*?)[\s,(]+(?P<name>[^\s,()][^,()]{1,25}?)\)?[\s,.]*", re.S)


def _any_of(words: frozenset[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_UNIT_BEFORE = (
    r"(?:(?:unit|suite|apt|apartment|app|bureau|#)\.?\s?#?\s?\w{1,5}[\s,-]+|\w{1,5}\s?-\s?)?"
)
_UNIT_AFTER = (
    r"(?:[\s,]+(?:(?:unit[eé]?|suite|apt|apartment|appartement|appt|app|bureau)\b\.?\s?#?|#)"
    r"\s?\w{1,5}\b)?"
)
_NUMBER = r"[1-9]\d{0,5}[A-Za-z]?(?:\s1/2)?"
_TURN = rf"(?:\s(?:{_any_of(DIRECTIONS | LONG_DIRECTIONS)})\b\.?)?"
# Words of a sentence: a number before them is no civic number ("2 weeks ago to Main St").
_SPEECH = (
    "i|we|my|to|in|at|from|is|was|since|ago|and|a|moved|live|kids|children|min|minutes?|days?|weeks?"
    "|months?|years?|je|nous|au|à|et|ans?|jours?|semaines?|mois|enfants"
)
_NAME = rf"(?!(?:{_SPEECH})\s)[^\s,;:()!?]+"
_FRENCH = rf"(?:\d+(?:e|re|er|ère)\s)?(?:{_any_of(FRENCH_TYPES)})\b\.?(?:\s{_NAME}){{1,6}}?"
_ENGLISH = rf"(?:{_NAME}\s){{1,4}}?(?:{_any_of(ENGLISH_TYPES)})\b\.?{_TURN}(?:\sRR\s?#?\d+)?"
_ROAD = (
    r"(?:highway|hwy|route|rte|line|concession|conc|(?:county|regional|range|township) (?:road|rd))"
    r"\.?\s#?\d+[A-Z]?(?:\sRR\s?#?\d+)?"
)
_END = r"(?=\s*(?:[,;()!?\n]|\.(?:\s|$)|$|\s(?:in|à|and|et)\s))"
_STREETS = tuple(
    re.compile(rf"(?<![\w-])(?P<street>{_UNIT_BEFORE}{_NUMBER},?\s{body}{_UNIT_AFTER}){end}", re.I)
    for body, end in ((_FRENCH, _END), (_ROAD, r"(?![\w-])"), (_ENGLISH, r"(?![\w-])"))
)
# "123 Broadway, Vancouver BC": without a type a comma must end it, and a province follow.
_TYPELESS = re.compile(
    rf"(?<![\w-])(?P<street>{_UNIT_BEFORE}{_NUMBER}(?:\s{_NAME}){{1,3}})(?=,)", re.I
)
_CITY = r"[^\W\d_]+!?(?:[\s'’.-]+[^\W\d_]+!?){0,6}"
_CITY_BEFORE_PROVINCE = re.compile(rf"[\s,]*(?:(?:in|à)\s)?(?P<city>{_CITY})[\s,(]*", re.I)
_BIG = r"[A-ZÀ-Ý][\w'’!-]*"
_CITY_ALONE = re.compile(
    rf"[\s,]*(?:in\s|à\s)?(?P<city>{_BIG}(?:[ ](?:{_BIG}|de|du|la)(?![\w]))*)(?=[\s,.;!]|$)"
)


def find_address(text: str) -> dict[str, str]:
    """The fields that stand in the sentence, in their normal form; {} when none does. Never raises.

    Keys are of `FIELDS`; the result may be no valid address, which `check_address` says.
    """
    plain = unicodedata.normalize("NFC", text[:_MAX_TEXT])
    plain = "".join(" " if unicodedata.category(char)[0] == "C" else char for char in plain)
    plain = " ".join(plain.split())
    before, found = _postal(plain)
    before, region = _province(before, with_code=bool(found))
    found |= region | _street_and_city(before, at_end=bool(found or region))
    return found


def _postal(text: str) -> tuple[str, dict[str, str]]:
    """(what stands before the last postal code, the code)."""
    codes = list(_POSTAL.finditer(text))
    if not codes:
        return text, {}
    return text[: codes[-1].start()], {"postal_code": tidy_postal(codes[-1][0])}


def _province(text: str, *, with_code: bool) -> tuple[str, dict[str, str]]:
    """(what stands before the province, its letters); "on" and "me" are words without a code."""
    words = re.split(r"(?<=[\s,(])", text.rstrip(" ,.!"))
    for count in (4, 3, 2, 1):
        name = "".join(words[-count:]).strip(" ,()")
        symbol = read_province(name) if len(words) > count and "," not in name else None
        if symbol and (with_code or len(name) > 3 or name.isupper()):
            return "".join(words[:-count]), {"province": symbol}
    return text, {}


def _street_and_city(text: str, *, at_end: bool) -> dict[str, str]:
    for pattern in (*_STREETS, _TYPELESS) if at_end else _STREETS:
        for found in pattern.finditer(text):
            unit, street = split_unit(tidy_street(found["street"]))
            if is_box(street) or not has_civic_number(street):
                continue
            city = _city(text[found.end() :], at_end)
            if at_end and not text[found.end() :].strip(" ,("):
                street, city = _parted(street)
            fields = {"street": cased_street(street), "unit": unit, "city": cased_name(city)}
            return {name: value for name, value in fields.items() if value}
    return {}


def _city(rest: str, at_end: bool) -> str:
    """The city after the street: all there is before a province, else words with capitals."""
    found = _CITY_BEFORE_PROVINCE.fullmatch(rest) if at_end else _CITY_ALONE.match(rest)
    return found["city"].strip() if found else ""


def _parted(street: str) -> tuple[str, str]:
    """(street, city) of a French line without commas: after the direction, else the last word."""
    words = street.split(" ")
    turns = [i for i, word in enumerate(words) if word.lower() in LONG_DIRECTIONS and i > 2]
    cut = turns[-1] + 1 if turns else len(words) - 1
    if cut < 3:
        return street, ""
    return " ".join(words[:cut]), " ".join(words[cut:])
