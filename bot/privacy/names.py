"""Names of people: the words after an introduction that look like a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.introductions import INTRODUCTIONS, Introduction
from bot.privacy.line import Line, Span, Word
from bot.privacy.words import ALSO_NAMES, PARTICLES, PEOPLES, is_everyday

_MOST, _MOST_SMALL = 4, 3
_SPACE = re.compile(r" {1,2}")
_SPACE_AFTER_INITIAL = re.compile(r"\.? {1,2}")
_AND = re.compile(r" (?:and|et|&) |, ")
_CLOSED = re.compile(r"[ .!]*$")


def find(line: Line) -> Iterator[Span]:
    """Names after every introduction."""
    for introduction in INTRODUCTIONS:
        for match in introduction.pattern.finditer(line.plain):
            if introduction.small or not line.shouted:
                yield from _introduced(line, introduction, match.end())


def _introduced(line: Line, introduction: Introduction, position: int) -> Iterator[Span]:
    """The name at `position`, and those that "and" joins to it."""
    first = line.word_at(position)
    while first is not None:
        past = _past(line, first, introduction.small)
        proper = [word for word in line.words[first:past] if word.plain not in PARTICLES]
        if len(proper) < introduction.least:
            return
        end = _without_possessive(line.words[past - 1])
        if introduction.closing and not _CLOSED.match(line.plain, end):
            return
        yield Span("name", line.words[first].start, end)
        joined = None if introduction.small else _AND.match(line.plain, end)
        first = line.word_at(joined.end()) if joined else None


def _past(line: Line, first: int, small: bool) -> int:
    """The number of the word past the name that starts at word `first`; `first` if none does."""
    most = _MOST if line.words[first].capital else _MOST_SMALL
    past = number = first
    counted = 0
    while number < len(line.words) and counted < most and _joined(line, first, number):
        word = line.words[number]
        if _is_name(word, small):
            past, counted = number + 1, counted + 1
        elif not _links(word, inside=number > first):
            break
        number += 1
    return past


def _joined(line: Line, first: int, number: int) -> bool:
    """Whether nothing but a space parts word `number` from the name begun at `first`."""
    initial = len(line.words[number - 1].plain) == 1
    space = _SPACE_AFTER_INITIAL if initial else _SPACE
    return number == first or space.fullmatch(line.gap(number)) is not None


def _is_name(word: Word, small: bool) -> bool:
    plain = re.sub(r"'s$", "", word.plain)
    if len(plain) == 1 or plain in PEOPLES or not re.sub("[-']", "", plain).isalpha():
        return False
    if word.capital and plain in ALSO_NAMES:
        return True
    return (small or word.capital) and plain not in PARTICLES and not is_everyday(plain)


def _links(word: Word, inside: bool) -> bool:
    """A particle, or an initial as in John A. Smith: part of a name only if more of it follows."""
    return word.plain in PARTICLES or (inside and len(word.plain) == 1 and word.capital)


def _without_possessive(word: Word) -> int:
    return word.end - 2 if word.plain.endswith("'s") else word.end
