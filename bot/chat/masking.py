"""Identifiers typed into the chat are hidden before anything is stored or understood.

A first, narrow net: numbers, e-mail addresses and application numbers by their shape (knowledge of
formats: domain, section 5.1). Names and addresses are not recognised here.
"""

from __future__ import annotations

import re

MASK = "⟦…⟧"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_APPLICATION = re.compile(r"\b(?:[A-Z]|X?EP|X[A-Z]|SV|RHB)[ -]?\d(?:[ -]?\d){7,8}\b", re.I)
# Seven digits or more, however they are grouped: UCI, phone, passport, account code.
_DIGITS = re.compile(r"\b(?:CAN|[XT])?\+?\d(?:[ .()-]{0,2}\d){6,}\b", re.I)
_DATE = re.compile(r"(?:19|20)\d\d([-/. ])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])")


def mask(text: str) -> str:
    """`text` with what looks like an identifier replaced by ⟦…⟧; dates stay."""
    hidden = _APPLICATION.sub(MASK, _EMAIL.sub(MASK, text))
    return _DIGITS.sub(lambda m: m.group() if _DATE.fullmatch(m.group()) else MASK, hidden)
