"""What every form with a code asks first."""

from __future__ import annotations

from bot.identity.codes import DIGITS
from connectors.problems import Problem


def refuse_no_code(text: str) -> None:
    """Refuse what cannot be a code at all: it costs no try.

    Raises:
        Problem: 422
    """
    if sum(char.isdecimal() for char in text) != DIGITS or len(text) > 4 * DIGITS:
        raise Problem(422, "identity.code_format", extra={"tries_left": None})
