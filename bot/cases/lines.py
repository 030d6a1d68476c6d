"""The lines of business of data/lines.yml: their names, sections, streams and all status words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.yaml_files import read_yaml

LINES_FILE = Path(__file__).parents[2] / "data" / "lines.yml"
Names = Mapping[str, str]  # language -> name


@dataclass(frozen=True)
class LineOfBusiness:
    """One line: `sections` in the order in which applicants see them; `streams` may be empty.
    Of a line that is not `covered` nothing is shown, as in the trackers."""

    code: str
    product: str
    names: Names
    sections: tuple[str, ...]
    streams: tuple[str, ...]
    covered: bool


@dataclass(frozen=True)
class Vocabulary:
    """Every code that a case may carry. Tuples keep the order of the file."""

    products: Mapping[str, Names]
    lines: Mapping[str, LineOfBusiness]
    streams: Mapping[str, Names]
    overall: tuple[str, ...]
    section_statuses: tuple[str, ...]
    roles: tuple[str, ...]
    mandate_forms: tuple[str, ...]
    mandate_scopes: tuple[str, ...]
    landing_stages: tuple[str, ...]
    documents: Mapping[str, Names]
    document_statuses: tuple[str, ...]
    requirements: Mapping[str, Names]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary, read once."""
    raw = read_yaml(LINES_FILE)
    return Vocabulary(
        products=raw["products"],
        lines={code: _line(code, entry) for code, entry in raw["lines"].items()},
        streams=raw["streams"],
        overall=tuple(raw["overall"]),
        section_statuses=tuple(raw["section_statuses"]),
        roles=tuple(raw["roles"]),
        mandate_forms=tuple(raw["mandate_forms"]),
        mandate_scopes=tuple(raw["mandate_scopes"]),
        landing_stages=tuple(raw["landing_stages"]),
        documents=raw["documents"],
        document_statuses=tuple(raw["document_statuses"]),
        requirements=raw["requirements"],
    )


def line_of(code: str) -> LineOfBusiness:
    """The line with this code.

    Raises:
        KeyError: data/lines.yml has no such line.
    """
    return vocabulary().lines[code]


def is_covered(code: str) -> bool:
    """True when the trackers, and so Passage, show applications of this line."""
    line = vocabulary().lines.get(code)
    return line is not None and line.covered


def sections_of(code: str) -> tuple[str, ...]:
    """The sections of a line, in the order in which applicants see them."""
    return line_of(code).sections


def line_name(language: str, code: str) -> str:
    return line_of(code).names[language]


def _line(code: str, entry: dict[str, Any]) -> LineOfBusiness:
    return LineOfBusiness(
        code=code,
        product=entry["product"],
        names={"en": entry["en"], "fr": entry["fr"]},
        sections=tuple(entry["sections"]),
        streams=tuple(entry["streams"]),
        covered=entry.get("covered", True),
    )
