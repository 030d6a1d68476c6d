"""Words that decide what is a name. The long lists stand in the text files beside this one."""

from __future__ import annotations

import re
from pathlib import Path


def words(text: str) -> frozenset[str]:
    """The words of `text`; a line that starts with # is a comment."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def _read(name: str) -> frozenset[str]:
    return words((Path(__file__).parent / name).read_text("utf-8"))


EVERYDAY = _read("words.txt")
PEOPLES = _read("peoples.txt")

# Everyday words that are names as well: with a capital inside a sentence they are taken for names.
ALSO_NAMES = words("""
    april art august avril beau bill blanc bon case chase class cook day faith grand grant gros hand
    june lead little long love mai major mark may noble page petit prince rich small spring summer
    will young
""")

# Small words inside a name: Amadou de la Cruz, Omar bin Saleh.
PARTICLES = words("""
    abd abu al bin bint da das de del della den der des di dos du el ibn la las le les los mac mc
    saint sainte san santa st ste ten ter ul van von
""")

_PARTS = re.compile(r"[-']")


def is_everyday(plain: str) -> bool:
    """Whether every part of the word is everyday: c'est, faut-il, l'adresse, don't."""
    if plain.endswith("'t"):
        return True
    parts = _PARTS.split(plain)
    return plain in EVERYDAY or (
        len(parts) > 1 and all(part in EVERYDAY for part in parts if len(part) > 1)
    )
