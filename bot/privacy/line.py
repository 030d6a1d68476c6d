"""A typed line as the finders read it: plain letters at the same places, and its words."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import NamedTuple

from bot.store.normal import fold

# Stands for one detail already hidden. No pattern matches it and no cue reaches across it; that is
# why hiding twice hides nothing more.
HOLE = "⟦"

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
A_DIGIT = re.compile(r"\d")
_SAME = str.maketrans("’‘ʼ´`′–—−‒―‐‑", "''''''-------")


class Span(NamedTuple):
    """A find: its kind and its place in the line."""

    kind: str
    start: int
    end: int


class Word(NamedTuple):
    """A word as typed, the same without case and accents, and its place in the line."""

    typed: str
    plain: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.typed[0].isupper()


class Line:
    """The typed text beside its plain form, which is of the same length."""

    def __init__(self, typed: str, plain: str) -> None:
        self.typed = typed
        self.plain = plain

    @cached_property
    def words(self) -> list[Word]:
        found = _WORD.finditer(self.plain)
        return [Word(self.typed[m.start() : m.end()], m.group(), *m.span()) for m in found]

    @cached_property
    def has_digits(self) -> bool:
        """Most lines have none, and most details need one."""
        return A_DIGIT.search(self.plain) is not None

    @cached_property
    def shouted(self) -> bool:
        """Every word has a capital, so that a capital says nothing."""
        letters = [word for word in self.words if word.typed[0].isalpha()]
        upper = self.typed == self.typed.upper() and len(letters) > 3
        return upper or (len(letters) > 5 and all(word.capital for word in letters))

    def word_at(self, position: int) -> int | None:
        """The number of the word that starts at `position`."""
        return self._starts.get(position)

    def gap(self, number: int) -> str:
        """What stands between word `number` and the one before it."""
        return self.plain[self.words[number - 1].end : self.words[number].start]

    @cached_property
    def _starts(self) -> dict[int, int]:
        return {word.start: number for number, word in enumerate(self.words)}


def plain_form(text: str) -> str:
    """No case, no accents, one kind of apostrophe, dash and digit; every place stays."""
    folded = fold(text).translate(_SAME)
    return folded if folded.isascii() else "".join(map(_digit, folded))


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char
