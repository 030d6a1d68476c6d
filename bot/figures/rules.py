"""How figures are counted (data/figures.yml)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.yaml_files import read_yaml

FILE = Path(__file__).parents[2] / "data" / "figures.yml"


@dataclass(frozen=True)
class Rules:
    """`would_have_called` is shares of a hundred: low, usual, high."""

    few: int
    would_have_called: tuple[int, int, int]
    over_after: timedelta
    bad_rating: int
    subjects: int


@lru_cache(maxsize=1)
def rules() -> Rules:
    table: dict[str, Any] = read_yaml(FILE)
    called = table["would_have_called"]
    return Rules(
        few=table["few"],
        would_have_called=(called["low"], called["usual"], called["high"]),
        over_after=timedelta(minutes=table["over_after"]),
        bad_rating=table["bad_rating"],
        subjects=table["subjects"],
    )
