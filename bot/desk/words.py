"""Codes of a hand-off in words."""

from __future__ import annotations

from bot.texts import has_text, say


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
