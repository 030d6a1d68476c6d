"""Collects what Rasa says in a turn; nothing leaves before the turn is committed."""

from __future__ import annotations

import json
from typing import Any

from rasa.core.channels.channel import OutputChannel


class TurnOutput(OutputChannel):
    """`lines` are the bodies of the lines to write, in order. Never raises: an exception here
    would lose the turn inside Rasa (rasa/core/processor.py, execute_side_effects)."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.lines: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        body: dict[str, Any] = {"text": message.get("text") or "", "lang": self.language}
        body.update(message.get("custom") or {})
        if "utter_action" in message:
            body["response"] = message["utter_action"]
        buttons = [_choice(button) for button in message.get("buttons") or []]
        if buttons:
            body["choices"] = body.get("choices", []) + buttons
        self.lines.append(body)


def _choice(button: dict[str, str]) -> dict[str, Any]:
    """A button of a response in domain.yml: its payload is `/intent` or `/intent{"entity": ..}`."""
    intent, brace, entities = button["payload"].lstrip("/").partition("{")
    found = json.loads(brace + entities) if brace else {}
    return {"label": button["title"], "intent": intent, "entities": found}
