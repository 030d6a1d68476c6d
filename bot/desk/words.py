"""Codes of a hand-off in words."""

from __future__ import annotations

from functools import lru_cache

from bot.texts import catalogue, has_text, say


@lru_cache(maxsize=1)
def meanings() -> tuple[str, ...]:
    """Every intent that a message may have had, by name."""
    named = (key.removeprefix("intents.") for key in catalogue() if key.startswith("intents."))
    return tuple(sorted(named))


def topic_label(language: str, topic: str | None) -> str:
    """A topic is an intent's name; one without words of its own stays as it is."""
    if topic is None:
        return "–"
    key = f"intents.{topic}"
    return say(language, key) if has_text(key) else topic.replace("_", " ")


def tried_label(language: str, tried: dict[str, object]) -> str:
    """One question that the bot dealt with."""
    if not tried.get("understood", True):
        return say(language, "desk.talk.not_understood")
    return topic_label(language, str(tried.get("intent")))
