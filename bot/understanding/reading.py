"""A message as the models read it: personal details are words for their kind, whoever hid them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cached_property

from bot.privacy.details import Hidden, hide
from bot.understanding.grams import counted

_TOKEN = re.compile(r"⟦(\w+)⟧")
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_NOT_WORD = re.compile(r"[^\w]+")
_DIGITS = re.compile(r"\d")
_LONG = re.compile(r"(\w)\1{2,}")


class Reading:
    """What is worked out of one message, each of it once, whichever models and rules ask."""

    def __init__(self, typed: str) -> None:
        self.typed = typed

    @cached_property
    def hidden(self) -> Hidden:
        """Without its details. Where tokens stand in it, they were taken out before."""
        return Hidden(self.typed, ()) if "⟦" in self.typed else hide(self.typed)

    @cached_property
    def ready(self) -> str:
        """Each personal detail is a word for its kind, `[uci]` for one: the same whether the
        details stand in it or were taken out before."""
        return _TOKEN.sub(r"[\1]", self.hidden.text).translate(_APOSTROPHES)

    @cached_property
    def counts(self) -> tuple[Counter[str], ...]:
        """How often each of its words and letter groups occurs."""
        return counted(folded(self.ready))


def readable(text: str) -> str:
    """`text` with each personal detail as a word for its kind."""
    return Reading(text).ready


def folded(text: str) -> str:
    """Small letters without accents, words divided by one space, every digit a 0."""
    small = text.lower()
    bare = small if small.isascii() else _without_accents(small)
    return _DIGITS.sub("0", _LONG.sub(r"\1\1", _NOT_WORD.sub(" ", bare))).strip()


def _without_accents(small: str) -> str:
    plain = unicodedata.normalize("NFKD", small.replace("œ", "oe").replace("æ", "ae"))
    return "".join(char for char in plain if not unicodedata.combining(char))
