"""What the service says: one line of text, with links, quick replies and a card when they help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class QuickReply:
    """A button: what it says and what it means."""

    label: str
    intent: str
    entities: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {"label": self.label, "intent": self.intent, "entities": dict(self.entities)}


@dataclass(frozen=True)
class Reply:
    """One line. `text` alone must say everything; `card` shows it as a picture or a form. `short`
    is the same for a text message, when it is written for one."""

    text: str
    links: tuple[tuple[str, str], ...] = ()
    choices: tuple[QuickReply, ...] = ()
    card: dict[str, Any] | None = None
    short: str = ""

    def extras(self) -> dict[str, Any]:
        """Everything beside the text, as JSON; empty parts are left out."""
        extras: dict[str, Any] = {}
        if self.links:
            extras["links"] = [{"label": label, "url": url} for label, url in self.links]
        if self.choices:
            extras["choices"] = [choice.as_dict() for choice in self.choices]
        if self.card:
            extras["card"] = self.card
        return extras
