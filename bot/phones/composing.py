"""What the engine says in a turn, as one text message: short words, and choices as digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.messages.parts import parts, plain
from bot.texts import has_text, say

MOST_PARTS = 2
MOST_CHOICES = 9


@dataclass(frozen=True)
class Text:
    """One text message; `choices` are what its digits mean, in their order."""

    words: str
    choices: tuple[dict[str, Any], ...] = ()

    @property
    def sent(self) -> str:
        """As it goes out: the choices stand below the words, each with its digit."""
        labels = [f"{number} {choice['label']}" for number, choice in enumerate(self.choices, 1)]
        return "\n".join([self.words, *labels])


def compose(bodies: list[dict[str, Any]], language: str, page: str) -> Text:
    """One text for the lines of a turn. What was not written for a text message, or is too long
    for one, is not cut: the person learns where it stands. What is said beside an answer
    (`spare`) makes room for it."""
    return (
        _text(bodies, language, page)
        or _text(_without_spare(bodies), language, page)
        or _on_the_page(language, page)
    )


def _without_spare(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    needed = [body for body in bodies if not body.get("spare")]
    return [
        {**body, "choices": [c for c in body.get("choices", []) if not c.get("spare")]}
        for body in needed
    ]


def _text(bodies: list[dict[str, Any]], language: str, page: str) -> Text | None:
    """None when it does not fit, or when a line has no words for a text message."""
    words = [_words(body, language, page) for body in bodies]
    offered = [choice for body in bodies for choice in body.get("choices", [])]
    if any(each is None for each in words):
        return None
    text = Text("\n".join(filter(None, words)), tuple(offered[:MOST_CHOICES]))
    fits = parts(plain(text.sent)).count <= MOST_PARTS
    return text if fits and text.words else None


def _words(body: dict[str, Any], language: str, page: str) -> str | None:
    """The short form of a line; None when it has none."""
    response = body.get("response")
    if response and has_text(f"sms.response.{response}"):
        return say(language, f"sms.response.{response}", page=page)
    return body.get("short") or None


def _on_the_page(language: str, page: str) -> Text:
    return Text(say(language, "sms.see_page", page=page))
