"""What is said beside an answer: that the language was followed, the official term for slang, and
the second request of a message as a button.

The page shows the buttons of the newest line only, so new ones go to the last line; a line of its
own stands before the answer, which stays what "repeat" repeats. In a text message all of it is
left out when there is no room (`spare`).
"""

from __future__ import annotations

from typing import Any

from bot.chat.reply import QuickReply
from bot.engine.hearing import Heard
from bot.texts import has_text, say

Body = dict[str, Any]  # of a line
IN_ITS_LANGUAGE = {"en": "talk.english", "fr": "talk.french"}


def say_beside(lines: list[Body], heard: Heard, language: str, by_text: bool) -> list[Body]:
    """The lines of a turn with what stands beside them."""
    if not lines:
        return lines
    before = [_aside("talk.followed", language)] if heard.followed else []
    if heard.slang is not None:
        _, word, term = heard.slang
        before += _official(lines, language, by_text, word=word.upper(), term=term)
    choices = [*_also(heard, language, by_text), *_back(heard, language)]
    if choices:
        last = lines[-1]
        last["choices"] = [*last.get("choices", []), *choices]
    return [*before, *lines]


def _official(lines: list[Body], language: str, by_text: bool, **values: str) -> list[Body]:
    """In the answer itself on the page, as a line that can be left out in a text message."""
    if by_text:
        return [_aside("talk.official", language, **values)]
    lines[0]["text"] = f"{say(language, 'talk.official', **values)}\n\n{lines[0]['text']}"
    return []


def _aside(key: str, language: str, **values: str) -> Body:
    short = f"sms.{key}" if has_text(f"sms.{key}") else key
    return {
        "text": say(language, key, **values),
        "short": say(language, short, **values),
        "lang": language,
        "spare": True,
    }


def _also(heard: Heard, language: str, by_text: bool) -> list[Body]:
    if heard.also is None:
        return []
    intent, entities = heard.also
    label = f"intents.{intent}"
    if by_text and has_text(f"sms.{label}"):
        label = f"sms.{label}"
    words = say(language, "talk.also", what=say(language, label))
    return [_spare(words, intent, entities)]


def _back(heard: Heard, language: str) -> list[Body]:
    """The way back to the language of before."""
    if not heard.followed:
        return []
    other = "en" if language == "fr" else "fr"
    label = say(language, IN_ITS_LANGUAGE[other])
    return [_spare(label, "switch_language", {"language": other})]


def _spare(label: str, intent: str, entities: dict[str, str]) -> Body:
    choice = QuickReply(label, intent, tuple(entities.items()))
    return {**choice.as_dict(), "spare": True}
