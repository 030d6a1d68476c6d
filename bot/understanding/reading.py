"""A message as the models read it: personal details are words for their kind, whoever hid them."""

from __future__ import annotations

import re
import unicodedata

from bot.privacy.details import hide

_TOKEN = re.compile(r"⟦(\w+)⟧")
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_NOT_WORD = re.compile(r"[^\w]+")
_DIGITS = re.compile(r"\d")
_LONG = re.compile(r"(\w)\1{2,}")


def readable(text: str) -> str:
    """`text` with each personal detail as a word for its kind, `[uci]` for one: the same whether
    the details stand in it or were taken out before."""
    hidden = text if "⟦" in text else hide(text).text
    return _TOKEN.sub(r"[\1]", hidden).translate(_APOSTROPHES)


def folded(text: str) -> str:
    """Small letters without accents, words divided by one space, every digit a 0."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return _DIGITS.sub("0", _LONG.sub(r"\1\1", _NOT_WORD.sub(" ", bare))).strip()
