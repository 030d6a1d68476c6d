"""What may be attached to a street: direction, unit, town, province, postal code."""

from __future__ import annotations

import re

from bot.privacy.line import Line
from bot.privacy.places import CITIES, PROVINCE_CODES, PROVINCES
from bot.privacy.words import is_everyday

_JOIN = r"(?: ?[,;-] ?| {1,2}|\.,? )\(?"
# The French "est" is mostly a verb: it is a direction only where the phrase ends.
_DIRECTION = re.compile(
    r"\.?,? (?:north|south|east|west|nord|sud|ouest|est(?= ?[,.(]|$)|[nsweo]|n\.?[ewo]|s\.?[ewo])"
    r"\b\.?"
)
_UNIT = re.compile(
    rf"{_JOIN}(?:(?:apt|apart|apartment|app|appt|appartement|unit|unite|suite|ste|bureau|bur|porte"
    r"|floor|etage)\.? ?(?:#|no\.? ?|n° ?)?|#) ?[a-z]?-?\d{1,5}[a-z]?\b"
)
_CITY = re.compile(rf"{_JOIN}(?:a |in )?(?:{CITIES})\b")
_PROVINCE = re.compile(rf"{_JOIN}(?:{PROVINCES})\b\.?\)?")
_PROVINCE_CODE = re.compile(rf"{_JOIN}(?:{PROVINCE_CODES})\b\)?")
_POSTAL_CODE = re.compile(rf"{_JOIN}[a-z]\d[a-z][ -]{{0,2}}[\do][a-z]\d\b")
_BEFORE_CITY = re.compile(r" ?, ?| \(| (?:a|in) ")
_MOST_CITY_WORDS = 3


def extended(line: Line, end: int) -> int:
    """The place past everything attached to the street that ends at `end`."""
    for pattern in (_DIRECTION, _UNIT):
        end = _past(pattern, line, end)
    end = _past_province(line, _past_city(line, end))
    return _past(_POSTAL_CODE, line, end)


def _past(pattern: re.Pattern[str], line: Line, end: int) -> int:
    found = pattern.match(line.plain, end)
    return found.end() if found else end


def _past_city(line: Line, end: int) -> int:
    """A town of the list, or words with a capital after a comma or before a province."""
    if known := _CITY.match(line.plain, end):
        return known.end()
    parted = _BEFORE_CITY.match(line.plain, end)
    past = _past_capitals(line, parted.end() if parted else end + 1)
    attached = past is not None and (parted or _past_province(line, past) > past)
    return past if past is not None and attached else end


def _past_capitals(line: Line, position: int) -> int | None:
    """The end of the words with a capital that start at `position`."""
    first = number = line.word_at(position)
    if first is None or number is None:
        return None
    while number < min(first + _MOST_CITY_WORDS, len(line.words)):
        word = line.words[number]
        spaced = number == first or line.gap(number) in (" ", ". ")
        if not (spaced and word.capital) or is_everyday(word.plain) or _is_code(word.typed):
            break
        number += 1
    return line.words[number - 1].end if number > first else None


def _is_code(typed: str) -> bool:
    return typed.isupper() and typed.lower() in PROVINCE_CODES.split("|")


def _past_province(line: Line, end: int) -> int:
    """A province, or its two letters where they cannot be a word: in capitals, before a code."""
    if named := _PROVINCE.match(line.plain, end):
        return named.end()
    code = _PROVINCE_CODE.match(line.plain, end)
    if code is None:
        return end
    letters = re.sub(r"\W", "", line.typed[code.start() : code.end()])
    sure = letters.isupper() or (letters[:1].isupper() and letters != "On")
    return code.end() if sure or _POSTAL_CODE.match(line.plain, code.end()) else end
