"""Several requests in one message: where it may be divided."""

from __future__ import annotations

import re

from bot.chat.phrases import words_in

# A message is understood once more for each of its parts.
MOST_PARTS = 4
_AND = r"(?:and also|et aussi|and then|et puis|and|et|also|aussi)"
# After a comma a question begins with one of these; else a comma is inside of something.
_ASKS = r"(?:where|when|how|what|why|which|can|où|quand|comment|combien|pourquoi|quel|est-ce|puis)"
_BORDER = re.compile(
    rf"(?<=[.!?…;])\s+(?:{_AND}[\s,]+)?|[\s,]+{_AND}[\s,]+|,\s+(?={_ASKS}\b)",
    re.IGNORECASE,
)


def requests_in(text: str) -> list[str]:
    """The parts of `text` between sentence ends and words like "and"; at most four, each of two
    words or more. One part or none: there is nothing to divide."""
    parts = [part.strip() for part in _BORDER.split(text)]
    return [part for part in parts if len(words_in(part)) >= 2][:MOST_PARTS]
