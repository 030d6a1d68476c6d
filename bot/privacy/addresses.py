"""Addresses of both languages: a civic number, a street, and what is attached to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.line import Line, Span
from bot.privacy.localities import extended
from bot.privacy.streets import street_end

_CIVIC = re.compile(r"\d{1,6}(?:-\d{1,6})?[a-z]?")
_NO_CIVIC_AFTER = re.compile(r"(?:[$€.,:/-]|\d |\b(?:imm|cit|form|formulaire) ?)$")
_UNIT = re.compile(
    r"(?:\b(?:apt|apartment|app|appt|appartement|unit|unite|suite|bureau|bur|porte)\.? ?#?|#)"
    r" ?[a-z]?\d{0,5}[a-z]? ?[,-]? ?$"
)
_BOX = re.compile(
    r"\b(?:p\.? ?o\.? ?box|c\. ?p\.|cp|case postale|boite postale|b\. ?p\.|r\. ?r\.|rr)"
    r" ?(?:#|no\.?|n°)? ?\d{1,6}\b"
)
_REACH = 16


def find(line: Line) -> Iterator[Span]:
    """Every address as one, with its unit, town, province and postal code."""
    if not line.has_digits:
        return
    for number, word in enumerate(line.words):
        if _CIVIC.fullmatch(word.plain):
            end = street_end(line, number)
            start = None if end is None else _start(line.plain, word.start)
            if end is not None and start is not None:
                yield Span("address", start, extended(line, end))
    for match in _BOX.finditer(line.plain):
        yield Span("address", match.start(), extended(line, match.end()))


def _start(plain: str, civic: int) -> int | None:
    """Where the address of this civic number starts: at a unit before it; None if it is none."""
    before = plain[max(0, civic - _REACH) : civic]
    if unit := _UNIT.search(before):
        return civic - len(unit.group())
    return None if _NO_CIVIC_AFTER.search(before) else civic
