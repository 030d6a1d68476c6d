"""Reads the tables: a detail in a line is written {kind:value}."""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(r"\{(\w+):([^}]+)\}")


class Marked(NamedTuple):
    """A line as typed, what must be left of it, and the details in it."""

    typed: str
    hidden: str
    details: list[tuple[str, str]]


def marked(line: str) -> Marked:
    return Marked(
        _MARK.sub(r"\2", line),
        _MARK.sub(lambda m: f"⟦{m[1]}⟧", line),
        [(m[1], m[2]) for m in _MARK.finditer(line)],
    )
