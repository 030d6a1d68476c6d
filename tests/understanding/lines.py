"""The lines of data/nlu, of the development set and of the second one, and what a model said."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.model import ROOT
from bot.yaml_files import read_yaml

FOLDER = Path(__file__).parent
STYLES = ("plain", "second_language", "sms", "typo", "long", "slang")
LANGUAGES = ("en", "fr")
OUTSIDE = "out_of_scope"
UNSURE = "nlu_fallback"


@dataclass(frozen=True)
class DevLine:
    """A message, what it wants, and how it is written."""

    intent: str
    language: str
    style: str
    text: str


@dataclass(frozen=True)
class Heard:
    """What was understood: `said` is the outcome, `best` the likeliest intent, also below
    certainty; `sure` is its confidence, `seconds` the CPU time."""

    line: DevLine
    said: str
    best: str
    sure: float
    language: str | None
    seconds: float

    @property
    def right(self) -> bool:
        return self.said == self.line.intent

    @property
    def refused(self) -> bool:
        return self.said in (OUTSIDE, UNSURE)


def dev_lines(of: str = "dev") -> Iterator[DevLine]:
    """All lines of both languages: `dev`, or `outside`, of yet other hands."""
    for language in LANGUAGES:
        for intent, styles in read_yaml(FOLDER / f"{of}.{language}.yml").items():
            for style, texts in styles.items():
                yield from (DevLine(intent, language, style, str(text)) for text in texts)


def training_lines() -> Iterator[DevLine]:
    """All lines of data/nlu; how each is written is not noted there."""
    for path in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in read_yaml(path)["nlu"]:
            language = block["metadata"]["language"]
            for example in block["examples"].splitlines():
                yield DevLine(block["intent"], language, "", example.removeprefix("- "))


async def ask(agent: Any, lines: Iterable[DevLine]) -> list[Heard]:
    """What Rasa's `agent` says to each; `seconds` is what it cost this process."""
    said = []
    for line in lines:
        begun = time.process_time()
        parsed = await agent.parse_message(line.text)
        said.append(_heard(line, parsed, time.process_time() - begun))
    return said


def _heard(line: DevLine, parsed: dict[str, Any], seconds: float) -> Heard:
    """What Rasa's outcome `parsed` says to `line`."""
    ranking = [entry for entry in parsed["intent_ranking"] if entry["name"] != UNSURE]
    return Heard(
        line,
        parsed["intent"]["name"],
        ranking[0]["name"],
        float(ranking[0]["confidence"]),
        parsed.get("language", {}).get("name"),
        seconds,
    )
