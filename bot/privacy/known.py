"""Names and addresses that stand in the file of the person who is signed in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.privacy.line import Line, Span, plain_form
from bot.privacy.words import ALSO_NAMES, EVERYDAY, PARTICLES

_LEAST_LETTERS = 3
_SEPARATORS = re.compile(r"[^\w]+|_+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;])[\s\"«'(]*$")


def find(line: Line, known: Collection[str]) -> Iterator[Span]:
    """Every known name, whole or one of its words; an address only whole."""
    forms = sorted({form for text in known for form in _forms(text)}, key=len, reverse=True)
    if not forms:
        return
    either = "|".join(map(_pattern, forms))
    for match in re.finditer(rf"(?<![^\W_])(?:{either})(?![^\W_])", line.plain):
        if not _is_common(match.group()) or _is_meant(line, *match.span()):
            yield Span("name", *match.span())


def _forms(text: str) -> set[str]:
    """The entry, words parted by one space, and each of its words unless it is an address."""
    words = [word for word in _SEPARATORS.split(plain_form(text).replace("œ", "oe")) if word]
    entry = " ".join(words)
    parts = set() if any(map(str.isdigit, entry)) else set(words) - PARTICLES
    return {form for form in {entry} | parts if sum(map(str.isalpha, form)) >= _LEAST_LETTERS}


def _pattern(form: str) -> str:
    """The form with any small separators between its words."""
    words = [re.escape(word).replace("oe", "(?:oe|œ)") for word in form.split()]
    return r"[ ,.'-]{1,3}".join(words)


def _is_common(plain: str) -> bool:
    return plain in EVERYDAY or plain in ALSO_NAMES


def _is_meant(line: Line, start: int, end: int) -> bool:
    """A common word is meant as a name with a capital that no sentence start explains."""
    typed = line.typed[start:end]
    begins = _SENTENCE_START.search(line.plain, max(0, start - 6), start)
    return typed[:1].isupper() and typed[1:].islower() and not begins
