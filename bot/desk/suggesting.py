"""Suggested answers: the help content for what a conversation is about, never a model's words."""

from __future__ import annotations

from typing import Any

from bot.answers.help import answers
from bot.desk.words import topic_label
from bot.store import Handoff

MOST = 3


def suggested(handoff: Handoff, language: str, talking: str) -> list[dict[str, Any]]:
    """The answers for the topic and for what was asked last; titles in `language`, the text and its
    official links in the applicant's language `talking`."""
    asked = [each.get("intent") for each in reversed(handoff.tried)]
    wanted = [intent for intent in dict.fromkeys([handoff.topic, *asked]) if intent]
    known = [intent for intent in wanted if intent in answers().general][:MOST]
    return [_shown(intent, language, talking) for intent in known]


def _shown(intent: str, language: str, talking: str) -> dict[str, Any]:
    reply = answers().general[intent][talking]
    links = "\n".join(url for _, url in reply.links)
    return {
        "intent": intent,
        "title": topic_label(language, intent),
        "text": f"{reply.text}\n\n{links}".strip(),
        "lang": talking,
    }
