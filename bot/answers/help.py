"""Help content: data/answers/<intent>.yml, both languages in one file, each with official links."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.chat.reply import Reply
from bot.texts import LANGUAGES
from bot.yaml_files import read_yaml

FOLDER = Path(__file__).parents[2] / "data" / "answers"
# The only hosts a person is sent to (knowledge of look-alike sites: domain, section 7).
OFFICIAL = ("canada.ca", "cic.gc.ca")


class AnswerError(Exception):
    """A file of help content is incomplete or links to a host that is not official."""


@dataclass(frozen=True)
class Answers:
    """All help content: `general` by intent and language, `terms` by code and language, `shorts`
    the terms as they are said in a text message."""

    general: dict[str, dict[str, Reply]]
    terms: dict[str, dict[str, str]]
    shorts: dict[str, dict[str, str]]


@lru_cache(maxsize=1)
def answers() -> Answers:
    """The content, read and checked once.

    Raises:
        AnswerError: naming the file and what is wrong.
    """
    general: dict[str, dict[str, Reply]] = {}
    terms: dict[str, dict[str, str]] = {}
    shorts: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        raw = read_yaml(path)
        general[path.stem] = {language: _reply(path, raw, language) for language in LANGUAGES}
        for code, entry in raw.get("terms", {}).items():
            terms[code] = {lang: f"{entry[lang]['name']}\n\n{entry[lang]['text'].strip()}"
                           for lang in LANGUAGES}  # fmt: skip
            shorts[code] = {lang: _short_term(entry[lang]) for lang in LANGUAGES}
    return Answers(general, terms, shorts)


def help_answer(intent: str, language: str) -> Reply:
    """The general answer to `intent`; KeyError when there is none."""
    return answers().general[intent][language]


def term_answer(code: str, language: str) -> str | None:
    """What a status term means, or None when it is not in the catalogue."""
    return answers().terms.get(code, {}).get(language)


def term_short(code: str, language: str) -> str:
    """The same for a text message."""
    return answers().shorts[code][language]


def _reply(path: Path, raw: dict[str, Any], language: str) -> Reply:
    try:
        entry = raw[language]
        links = tuple((link["label"], link["url"]) for link in entry.get("links") or [])
        text = entry["text"].strip()
    except (KeyError, TypeError) as error:
        raise AnswerError(f"{path.name}: {language} lacks {error}") from error
    for _, url in links:
        if not is_official(url):
            raise AnswerError(f"{path.name}: {url} is not an official address")
    return Reply(text, links, short=" ".join(entry.get("short", "").split()))


def _short_term(entry: dict[str, str]) -> str:
    """A term and its text, or its own short text where that is too long for a text message."""
    return entry.get("short") or f"{entry['name']} - {entry['text'].strip()}"


def is_official(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == name or host.endswith(f".{name}") for name in OFFICIAL)
