"""The words that mean one thing only, whatever else is going on: stop, start, help, wrong number.

They are looked for before anything is understood, in any case, with or without accents and
punctuation, with letters doubled, missing or swapped, and beside words of politeness. Sources:
the CWTA's and Twilio's lists for Canada, GC Notify's list of French slips (knowledge: anchors, B).
A word is taken only when it is all that the text says: "stop my application" is a question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.store.normal import fold
from bot.yaml_files import read_yaml

FILE = Path(__file__).with_suffix(".yml")
# Words so long that no other is near: a letter may be missing.
_LONG = 8
# A word with its words of politeness is no longer than this.
_LONGEST = 60


@dataclass(frozen=True)
class Keyword:
    """`kind` is stop | start | again | help | wrong; `language` is None for a word of both."""

    kind: str
    language: str | None


def keyword(text: str) -> Keyword | None:
    """The keyword that `text` is, or None."""
    if len(text) > _LONGEST:
        return None
    words = re.findall(r"[a-z0-9]+", fold(text).replace("'", " "))
    if not words:
        return None
    rest = [word for word in words if word not in _file()["polite"]]
    for candidate in ("".join(words), "".join(rest)):
        found = _table().get(candidate) or _slips().get(_squeezed(candidate))
        if found:
            return found
    return None


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return dict(read_yaml(FILE))


@lru_cache(maxsize=1)
def _table() -> dict[str, Keyword]:
    return {
        word: Keyword(kind, None if language == "both" else language)
        for kind, languages in _file()["words"].items()
        for language, words in languages.items()
        for word in words
    }


@lru_cache(maxsize=1)
def _slips() -> dict[str, Keyword]:
    """Each word with doubled letters made one, with two neighbours swapped, and a long one with a
    letter missing. The word itself wins over another one's slip."""
    found: dict[str, Keyword] = {}
    for word, meaning in _table().items():
        if word not in _file()["exact"]:
            for slip in _swapped(word) + (_shorter(word) if len(word) >= _LONG else []):
                found.setdefault(_squeezed(slip), meaning)
    return {**found, **{_squeezed(word): meaning for word, meaning in _table().items()}}


def _swapped(word: str) -> list[str]:
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]


def _shorter(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _squeezed(word: str) -> str:
    """Without repeated letters: "stoppp" and "arrrêt" as well as "arêt"."""
    return re.sub(r"(.)\1+", r"\1", word)
