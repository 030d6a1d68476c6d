"""The conversation's language follows the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.chat.phrases import words_in
from bot.texts import LANGUAGES

# So many words, and so sure: fewer can be a name, an acronym or a borrowed word.
ENOUGH_WORDS = 5
SURE = 0.9
# A message that nobody could answer anyway: rather ask for the language than say so.
SURE_UNANSWERED = 0.6
UNANSWERED = ("out_of_scope", "nlu_fallback")
OTHER = "other"
# Stands in what was understood of a message whose language was followed (Rasa's events keep it).
FOLLOWS = "follows"


def to_follow(
    parsed: dict[str, Any], text: str, language: str, before: Sequence[dict[str, Any]]
) -> str | None:
    """The official language to go on in; `other` when the person is to be told, once, which two
    there are; None to stay. `before`: what was understood of the earlier messages."""
    found = parsed.get("language") or {}
    name, sure = str(found.get("name")), found.get("confidence", 0.0)
    intent = parsed["intent"]["name"]
    if name == OTHER:
        needed = SURE_UNANSWERED if intent in UNANSWERED else SURE
        foreign = sure >= needed and _is_foreign(text)
        return OTHER if foreign and not _told_of(OTHER, before) else None
    if sure < SURE or name == language or intent == "switch_language":
        return None
    enough = name in LANGUAGES and len(words_in(text)) >= ENOUGH_WORDS
    return name if enough and not _went_back(name, before) else None


def _is_foreign(text: str) -> bool:
    """Another alphabet shows it in one word."""
    letters = [char for char in text if char.isalpha()]
    latin = sum(char < "ɐ" for char in letters)
    return len(words_in(text)) >= ENOUGH_WORDS or latin * 2 < len(letters)


def _told_of(language: str, before: Sequence[dict[str, Any]]) -> bool:
    return any(parsed.get(FOLLOWS) == language for parsed in before)


def _went_back(language: str, before: Sequence[dict[str, Any]]) -> bool:
    """Followed before, and the person did not want it."""
    followed = False
    for parsed in before:
        followed = followed or parsed.get(FOLLOWS) == language
        if followed and parsed["intent"]["name"] == "switch_language":
            return True
    return False
