"""Help content: data/answers/<intent>.yml, both languages in one file, each with official links.

Every answer ends with whom it is for and the day on which it was checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.chat.reply import Reply
from bot.texts import LANGUAGES, say
from bot.texts.dates import long_date
from bot.yaml_files import read_yaml

FOLDER = Path(__file__).parents[2] / "data" / "answers"
# The only hosts a person is sent to (knowledge of look-alike sites: domain, section 7).
OFFICIAL = ("canada.ca", "cic.gc.ca")


class AnswerError(Exception):
    """A file of help content is incomplete or links to a host that is not official."""


@dataclass(frozen=True)
class Answers:
    """All help content: `general` by intent and language, `checked` the day of each, `hand_over`
    the intents with which a person is offered, `terms` by code and language, `shorts` the terms
    as they are said in a text message."""

    general: dict[str, dict[str, Reply]]
    checked: dict[str, date]
    hand_over: frozenset[str]
    terms: dict[str, dict[str, str]]
    shorts: dict[str, dict[str, str]]


@lru_cache(maxsize=1)
def answers() -> Answers:
    """The content, read and checked once.

    Raises:
        AnswerError: naming the file and what is wrong.
    """
    raw = {path: read_yaml(path) for path in sorted(FOLDER.glob("*.yml"))}
    terms = {code: term for each in raw.values() for code, term in each.get("terms", {}).items()}
    return Answers(
        general={path.stem: _replies(path, each) for path, each in raw.items()},
        checked={path.stem: each["checked"] for path, each in raw.items()},
        hand_over=frozenset(path.stem for path, each in raw.items() if each.get("hand_over")),
        terms={code: _by_language(term, _long_term) for code, term in terms.items()},
        shorts={code: _by_language(term, _short_term) for code, term in terms.items()},
    )


def help_answer(intent: str, language: str) -> Reply:
    """The general answer to `intent`; KeyError when there is none."""
    return answers().general[intent][language]


def term_answer(code: str, language: str) -> str | None:
    """What a status term means, or None when it is not in the catalogue."""
    return answers().terms.get(code, {}).get(language)


def term_short(code: str, language: str) -> str:
    """The same for a text message."""
    return answers().shorts[code][language]


def is_stale(checked: date, day: date, older: int) -> bool:
    """Whether what was checked on `checked` is, on `day`, more than `older` days old."""
    return (day - checked).days > older


def _replies(path: Path, raw: dict[str, Any]) -> dict[str, Reply]:
    """The answer of one file in each language."""
    if not isinstance(raw.get("checked"), date):
        raise AnswerError(f"{path.name}: `checked` is not a day")
    replies = {language: _reply(path, raw, language) for language in LANGUAGES}
    if len({len(reply.links) for reply in replies.values()}) > 1:
        raise AnswerError(f"{path.name}: not as many links in each language")
    return replies


def _reply(path: Path, raw: dict[str, Any], language: str) -> Reply:
    try:
        entry = raw[language]
        links = tuple((link["label"], link["url"]) for link in entry["links"])
        closing = _closing(raw["for"][language], raw["checked"], language)
        text, short = f"{entry['text'].strip()}\n\n{closing}", " ".join(entry["short"].split())
    except (KeyError, TypeError) as error:
        raise AnswerError(f"{path.name}: {language} lacks {error}") from error
    if not links:
        raise AnswerError(f"{path.name}: {language} has no link")
    for _, url in links:
        if not is_official(url):
            raise AnswerError(f"{path.name}: {url} is not an official address")
    return Reply(text, links, short=short)


def _closing(whom: str, checked: date, language: str) -> str:
    return say(language, "answers.closing", whom=whom, date=long_date(language, checked))


def _by_language(
    term: dict[str, dict[str, str]], words: Callable[[dict[str, str]], str]
) -> dict[str, str]:
    return {language: words(term[language]) for language in LANGUAGES}


def _long_term(entry: dict[str, str]) -> str:
    return f"{entry['name']}\n\n{entry['text'].strip()}"


def _short_term(entry: dict[str, str]) -> str:
    """A term and its text, or its own short text where that is too long for a text message."""
    return entry.get("short") or f"{entry['name']} - {entry['text'].strip()}"


def is_official(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == name or host.endswith(f".{name}") for name in OFFICIAL)
