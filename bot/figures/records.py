"""What is counted: numbers and closed words only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Days that a reader may choose. Conversations are kept for 90 (data/retention.yml): nothing further
# back can be counted.
PERIODS = (7, 30, 90)
ALL = "all"


@dataclass(frozen=True)
class Share:
    """So many conversations of `of` (a closed word), and how they ended."""

    of: str
    total: int
    solved: int
    agent: int
    unsolved: int


@dataclass(frozen=True)
class Times:
    """How long something took, in seconds: for half of them, and for nine of ten, at most."""

    of: str
    count: int
    half: float
    most: float


@dataclass(frozen=True)
class Understood:
    """Messages to the assistant and how many it did not understand."""

    of: str
    total: int
    lost: int


@dataclass(frozen=True)
class Satisfaction:
    """The one question: how often asked, and how often each score was given."""

    of: str
    asked: int
    scores: dict[int, int]

    @property
    def answered(self) -> int:
        return sum(self.scores.values())

    @property
    def mean(self) -> float:
        return sum(score * n for score, n in self.scores.items()) / max(1, self.answered)


@dataclass(frozen=True)
class Figures:
    """`since` and `until` are days of the desk's zone, both counted; `calls` low, usual, high."""

    since: date
    until: date
    whole: Share
    calls: tuple[int, int, int]
    subjects: list[Share]
    languages: list[Share]
    channels: list[Share]
    days: list[Share]
    reasons: dict[str, int]
    handoffs: int
    broken: int
    waiting: list[Times]
    handling: list[Times]
    understood: list[Understood]
    satisfaction: list[Satisfaction]
