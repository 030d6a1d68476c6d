"""What a person typed, made safe to store and to understand.

The order matters: characters that only become a slash or vanish on normalising must be gone before
the leading slashes are taken off, because Rasa obeys a text that starts with one.
"""

from __future__ import annotations

import unicodedata

MAX_LENGTH = 1_000
MAX_MARKS = 4
# Control, format, private-use, unassigned and surrogate characters carry no meaning in a message.
_DROPPED = {"Cc", "Cf", "Co", "Cn", "Cs"}
_SLASHES = "/⁄∕⧸\\"


class TextRefused(Exception):
    """The text cannot be taken; `reason` is the key of the sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def canonical(raw: str) -> str:
    """`raw` without anything that is not text, 1 to 1,000 characters.

    Raises:
        TextRefused: errors.text_empty or errors.text_too_long.
    """
    if len(raw) > 4 * MAX_LENGTH:
        raise TextRefused("errors.text_too_long")
    kept = (" " if c in "\n\r\t" else c for c in unicodedata.normalize("NFKC", _encodable(raw)))
    visible = "".join(c for c in kept if unicodedata.category(c) not in _DROPPED)
    text = _cap_marks(visible).strip().lstrip(_SLASHES + " ").strip()
    if not text:
        raise TextRefused("errors.text_empty")
    if len(text) > MAX_LENGTH:
        raise TextRefused("errors.text_too_long")
    return text


def _encodable(raw: str) -> str:
    return raw.encode("utf-8", "ignore").decode("utf-8")


def _cap_marks(text: str) -> str:
    """At most four combining marks in a row: a stack of hundreds only breaks pages."""
    result, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= MAX_MARKS:
            result.append(char)
    return "".join(result)
