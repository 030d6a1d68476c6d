"""Words typed in capitals, or without any, written as people write them: "ST-JÉRÔME", "St-Jérôme".

What already has both kinds of letters is left as it was typed.
"""

from __future__ import annotations

import re

from bot.addresses.words import (
    ALWAYS_SMALL,
    CAPITALS,
    DIRECTIONS,
    ENGLISH_TYPES,
    FRENCH_TYPES,
    PARTICLES,
)

_PIECE = re.compile(r"[^\W\d_]+|\d+|.", re.S)
_ORDINAL = re.compile(r"(\d+)(st|nd|rd|th|e|er|re|ère|ème)", re.I)
_ONLY_ENGLISH = ENGLISH_TYPES - FRENCH_TYPES
_APOSTROPHES = ("'", "’")


def cased_street(street: str) -> str:
    """A street in sensible case; its French type is small when it stands right before the name."""
    number, _, rest = street.partition(" ")
    if not _needs_case(street) or not rest:
        return street
    words = rest.split(" ")
    typed = _is_french(words)
    done = [_word(w, ALWAYS_SMALL if i <= typed else PARTICLES) for i, w in enumerate(words)]
    if typed:
        done[0] = words[0].lower()
    return " ".join([number.upper(), *done])


def cased_name(name: str) -> str:
    """A city in sensible case."""
    if not _needs_case(name):
        return name
    first, *rest = name.split(" ")
    return " ".join([_word(first, frozenset()), *(_word(word, PARTICLES) for word in rest)])


def _needs_case(text: str) -> bool:
    """All capitals or none; letters that change their number with the case are left alone."""
    steady = len(text) == len(text.lower()) == len(text.upper())
    return steady and not (any(c.islower() for c in text) and any(c.isupper() for c in text))


def _is_french(words: list[str]) -> bool:
    """Whether the type stands before the name: "rue Principale", but not "Avenue Rd"."""
    plain = [word for word in map(_bare, words) if word not in DIRECTIONS]
    return bool(plain) and plain[0] in FRENCH_TYPES and plain[-1] not in _ONLY_ENGLISH


def _word(word: str, small: frozenset[str]) -> str:
    """`small`: which particles are small at the beginning of this word; inside it all are."""
    bare = _bare(word)
    if bare in CAPITALS or bare in DIRECTIONS:
        return word.upper()
    if _ORDINAL.fullmatch(word):
        return word.lower()
    pieces = [piece.lower() for piece in _PIECE.findall(word)]
    around = zip(["", *pieces], pieces, [*pieces[1:], ""], strict=False)
    return "".join(
        _piece(before, piece, after, PARTICLES if index else small)
        for index, (before, piece, after) in enumerate(around)
    )


def _piece(before: str, piece: str, after: str, small: frozenset[str]) -> str:
    if before.isdigit():
        return piece.upper()
    if piece in ("d", "l"):
        return piece if piece in small and after in _APOSTROPHES else piece.upper()
    if piece in small or (before in _APOSTROPHES and piece == "s"):
        return piece
    if piece.startswith("mc") and len(piece) > 3:
        return f"Mc{piece[2:].capitalize()}"
    return piece.capitalize()


def _bare(word: str) -> str:
    return word.strip(".,()").replace(".", "").lower()
