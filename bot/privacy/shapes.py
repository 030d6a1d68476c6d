"""E-mail addresses, passport numbers and postal codes: details known by their shape."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.line import HOLE, Line, Span
from bot.privacy.words import EVERYDAY

# Every pattern starts at the start of a word, so that a long word is read once and not from each
# of its letters.
_LOCAL = r"(?<![\w.+%-])([\w+%-][\w.+%-]*)"
_END = r"(?:com|ca|net|org|fr|qc|me)"
_EMAIL = re.compile(rf"{_LOCAL}@[^\W_][\w-]*(?:\.[\w-]+)*")
_AT = re.compile(r"@|\b(?:at|arobase?)\b")
_SPOKEN_EMAILS = (
    re.compile(rf"{_LOCAL} ?@ ?[\w-]+(?: ?\. ?[\w-]+)? ?\. ?{_END}\b"),
    re.compile(
        rf"{_LOCAL} ?[\[(]?(?:@|\b(?:at|arobas|arobase)\b)[\])]? ?[\w-]+"
        rf" ?[\[(]?(?:\.|\b(?:dot|point)\b)[\])]? ?{_END}\b"
    ),
)
_POSTAL_CODE = re.compile(
    r"(?<![^\W_])[abceghj-nprstvxy]\d[abceghj-nprstv-z][ -]{0,2}[\do][abceghj-nprstv-z]\d(?![^\W_])"
)
_PASSPORT = re.compile(r"(?<![^\W_])([a-z]{2})([ -]?)\d{3}[ -]?\d{3}(?![^\W_])(?! ?[-./]?\d)")
_AFTER_CUE = re.compile(
    rf"\bpasse?ports?\b[^\d?!{HOLE}]{{0,30}}?(?<![^\W_])"
    r"(([a-z]{1,2})([ -]?)\d(?:[ -]?\d){4,8}[a-z]{0,2}|\d\d[a-z]{2}\d{5}|\d{6,9}[a-z]{1,2})"
    r"(?![^\W_])"
)


def find(line: Line) -> Iterator[Span]:
    """Details of these three kinds."""
    yield from _emails(line)
    if not line.has_digits:
        return
    for match in _POSTAL_CODE.finditer(line.plain):
        yield Span("postal_code", *match.span())
    for match in _PASSPORT.finditer(line.plain):
        if not match[2] or _is_prefix(line, match.span(1)):
            yield Span("passport", *match.span())
    for match in _AFTER_CUE.finditer(line.plain):
        if not match[3] or _is_prefix(line, match.span(2)):
            yield Span("passport", *match.span(1))


def _emails(line: Line) -> Iterator[Span]:
    if not _AT.search(line.plain):
        return
    for match in _EMAIL.finditer(line.plain):
        yield Span("email", *match.span())
    for pattern in _SPOKEN_EMAILS:
        for match in pattern.finditer(line.plain):
            if match[1] not in EVERYDAY:
                yield Span("email", *match.span())


def _is_prefix(line: Line, place: tuple[int, int]) -> bool:
    """Whether letters apart from the digits belong to them: AB 123456, but not "of 123456"."""
    start, end = place
    return line.typed[start:end].isupper() and line.plain[start:end] not in EVERYDAY
