"""Noisy copies of training lines, as thumbs on a phone write them; the same every time."""

from __future__ import annotations

import hashlib
import random
import unicodedata
from collections.abc import Callable

_NEIGHBOURS = {
    "a": "qsz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa",
    "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu",
    "z": "x",
}  # fmt: skip
_VOWELS = "aeiouy"
# A slip for one long word in so many.
_SLIPS = 4


def noisy(text: str, copies: int, seed: int) -> list[str]:
    """`copies` versions of `text`, each with slips and habits of its own."""
    digest = hashlib.sha256(f"{seed}:{text}".encode()).digest()
    chance = random.Random(int.from_bytes(digest[:8], "big"))
    return [_version(text, chance) for _ in range(copies)]


def _version(text: str, chance: random.Random) -> str:
    words = [_slip(word, chance) for word in text.split()]
    said = " ".join(word for word in words if word)
    for habit in chance.sample(_HABITS, 2):
        said = habit(said, chance)
    return said


def _slip(word: str, chance: random.Random) -> str:
    if len(word) < 4 or word.startswith("[") or chance.randrange(_SLIPS):
        return word
    return chance.choice(_SLIPS_OF_A_WORD)(word, chance)


def _swap(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _drop(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at + 1 :]


def _double(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] + word[at:]


def _neighbour(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    near = _NEIGHBOURS.get(word[at].lower(), word[at])
    return word[:at] + chance.choice(near) + word[at + 1 :]


def _bare(text: str, chance: random.Random) -> str:
    """Without accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char))


def _small(text: str, chance: random.Random) -> str:
    return text.lower()


def _loose(text: str, chance: random.Random) -> str:
    """Without apostrophes and marks."""
    return "".join(char for char in text if char.isalnum() or char in " []_")


def _no_vowels(text: str, chance: random.Random) -> str:
    """Some long words without the vowels inside."""
    return " ".join(
        word[0] + "".join(c for c in word[1:-1] if c.lower() not in _VOWELS) + word[-1]
        if len(word) > 4 and not word.startswith("[") and chance.random() < 0.3
        else word
        for word in text.split()
    )


def _without_small_words(text: str, chance: random.Random) -> str:
    """As a learner writes: some articles and short words left out."""
    words = text.split()
    kept = [word for word in words if len(word) > 3 or chance.random() < 0.6]
    return " ".join(kept or words)


_SLIPS_OF_A_WORD: tuple[Callable[[str, random.Random], str], ...] = (
    _swap, _drop, _double, _neighbour,
)  # fmt: skip
_HABITS: tuple[Callable[[str, random.Random], str], ...] = (
    _bare, _small, _loose, _no_vowels, _without_small_words,
)  # fmt: skip
