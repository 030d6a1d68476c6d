"""Guards of photos (bot/photos). They stand in the child that decodes a file: one is started that
takes them out of itself first."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Any

from bot.photos import checking
from tests.campaigns.without import instead

Without = AbstractContextManager[Any]

_SIZE = """
from bot.photos import limits
limits.MAX_PIXELS = 10**9
"""
_PIXELS_ONLY = """
from bot.photos import examining
examine, raw = examining.Examiner.examine, []
def kept(self, given, crop=None):
    raw.append(given)
    return examine(self, given, crop)
examining.Examiner.examine = kept
examining.encode = lambda pixels: raw[-1]
"""
_RULES = """
from bot.photos import examining
examining._judge.__code__ = (lambda found, pixels, face: background.look(pixels, face)).__code__
"""


def size_before_decoding() -> Without:
    """Whatever size the header says is decoded."""
    return _child(_SIZE)


def pixels_only() -> Without:
    """A photo that is accepted is kept as it came."""
    return _child(_PIXELS_ONLY)


def rules_of_a_face() -> Without:
    """One face is enough."""
    return _child(_RULES)


def _child(first: str) -> Without:
    code = f"{first}\nfrom bot.photos.child import main\nmain()"
    return instead((checking, "COMMAND", (sys.executable, "-E", "-s", "-B", "-c", code)))
