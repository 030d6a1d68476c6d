"""Forms in which identifiers and names are compared: tolerant of case, accents, spaces, hyphens.

Formats: UCI of 8 or 10 digits, temporary CAN + 12 digits or X/T + 10 digits; application number of
a letter and 9 digits, also with a prefix of up to 4 letters and 8 or 9 digits (EP, SV, XE ...).
Source: IRCC Help Centre answers 013 and 1521; the temporary forms are third-party facts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SEPARATORS = re.compile(r"[\s\-‐-―−./_]+")
_UCI = re.compile(r"\d{8}|\d{10}|CAN\d{12}|[XT]\d{10}")
_PARTY_ID = re.compile(r"[A-Z0-9]{4,16}")
_NUMBER = re.compile(r"[A-Z]{1,4}\d{8,9}")


def normal_uci(value: str) -> str | None:
    """The UCI without separators, in upper case; None when it cannot be a UCI."""
    plain = _SEPARATORS.sub("", value).upper()
    return plain if _UCI.fullmatch(plain) else None


def normal_party_id(value: str) -> str | None:
    """The party ID without separators, in upper case; None when it cannot be one."""
    plain = _SEPARATORS.sub("", value).upper()
    return plain if _PARTY_ID.fullmatch(plain) else None


def normal_number(value: str) -> str | None:
    """The application number without separators, in upper case; None when it cannot be one."""
    plain = _SEPARATORS.sub("", value).upper()
    return plain if _NUMBER.fullmatch(plain) else None


def normal_name(value: str) -> str:
    """A name or place for comparison: no accents, no case, one space for any separator."""
    decomposed = unicodedata.normalize("NFKD", value.replace("œ", "oe").replace("Œ", "OE"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[^\w]+", " ", plain.replace("’", "'").replace("'", " ")).split())


def fold(value: str) -> str:
    """`value` without case and accents, of the same length, so that positions still fit."""
    return value.lower() if value.isascii() else "".join(map(_fold_char, value))


@lru_cache(maxsize=1024)
def _fold_char(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char)[0].casefold()
    return plain if len(plain) == 1 else char
