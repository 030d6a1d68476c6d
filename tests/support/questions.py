"""What people ask most: tests/support/questions.yml, a question in one language at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.texts import LANGUAGES
from bot.yaml_files import read_yaml

FILE = Path(__file__).with_name("questions.yml")


@dataclass(frozen=True)
class Question:
    """One question as it is written; each entry of `must` is met by any of its words."""

    number: int
    language: str
    text: str
    intents: tuple[str, ...]
    entities: dict[str, str]
    must: tuple[tuple[str, ...], ...]
    never: tuple[str, ...]

    def check(self, answer: str) -> None:
        """AssertionError naming what the answer lacks, or has and must not have."""
        said = plain(answer)
        lacks = [words for words in self.must if not any(plain(each) in said for each in words)]
        has = [words for words in self.never if plain(words) in said]
        assert not lacks and not has, f"{self.text}: lacks {lacks}, has {has} in: {answer}"


def questions() -> list[Question]:
    """Every question in both languages."""
    raw = read_yaml(FILE)
    return [
        _question(entry, language, raw["never"])
        for entry in raw["questions"]
        for language in LANGUAGES
    ]


def name_of(question: Question) -> str:
    return f"{question.number:02}-{question.language}-{question.text[:40]}"


def plain(text: str) -> str:
    """For comparing: without case, with plain spaces and straight apostrophes."""
    return " ".join(text.replace("’", "'").lower().split())


def _question(entry: dict[str, Any], language: str, always: dict[str, list[str]]) -> Question:
    never = [*always[language], *entry.get("never", {}).get(language, [])]
    named = {"section": entry.get("section"), "status_term": entry.get("term")}
    return Question(
        number=entry["number"],
        language=language,
        text=entry[language],
        intents=tuple(entry["intents"]),
        entities={name: value for name, value in named.items() if value},
        must=tuple(tuple(words.split("|")) for words in entry["must"][language]),
        never=tuple(never),
    )
