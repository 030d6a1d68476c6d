"""The words of data/manners.yml in a message: a correction, a wish for simpler words, slang."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.store.normal import fold
from bot.yaml_files import read_yaml

MANNERS = Path(__file__).parents[2] / "data" / "manners.yml"
# Of a longer message such words are a part, not what it is about.
SHORT = 8
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_POLITE = {"please", "pls", "plz", "sorry", "svp", "stp", "merci", "thanks"}
_TOKEN = re.compile(r"⟦\w+⟧")
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")


@lru_cache(maxsize=1)
def _manners() -> dict[str, Any]:
    return dict(read_yaml(MANNERS))


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted((_folded(word) for word in words), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")


def _folded(text: str) -> str:
    return fold(text).translate(_APOSTROPHES)


def _find(words: Iterable[str], text: str) -> re.Match[str] | None:
    return _pattern(tuple(words)).search(_folded(text))


def _find_last(words: Iterable[str], text: str) -> bool:
    """True when `text` ends with one of the words, politely or not."""
    ends = (match.end() for match in _pattern(tuple(words)).finditer(_folded(text)))
    return any(not set(words_in(text[end:].lower())) - _POLITE for end in ends)


def words_in(text: str) -> list[str]:
    """The words of `text`, without numbers and what was taken out of it."""
    return _WORD.findall(_TOKEN.sub(" ", text))


def corrects(text: str) -> bool:
    """True for "no, the other one", "ce n'est pas ce que je demande"."""
    if len(words_in(text)) > SHORT:
        return False
    last = _find_last(_manners()["correction_at_end"], text)
    return last or _find(_manners()["correction"], text) is not None


def is_status(text: str) -> bool:
    """True for the word alone by which we say that one gets one's status."""
    words = [_folded(word) for word in words_in(text)]
    return [w for w in words if w not in _POLITE] in [[w] for w in _manners()["status"]]


def asks(text: str) -> bool:
    """True for a question or a wish, False for what is only told: "got my AOR"."""
    return text.rstrip().endswith("?") or _find(_manners()["asking"], text) is not None


def wants_simpler(text: str) -> bool:
    return _find(_manners()["simpler"], text) is not None


def slang_in(text: str, language: str) -> tuple[str, str, str] | None:
    """(its code, the word as it was written, the official term) of the first slang in `text`."""
    for code, entry in _manners()["slang"].items():
        found = _find(entry["words"], text)
        if found:
            return code, text[found.start() : found.end()], entry[language]
    return None
