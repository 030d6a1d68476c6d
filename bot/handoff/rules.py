"""The desk's rules of data/desk.yml: hours, targets, lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.settings import desk_always_open
from bot.yaml_files import read_yaml

FILE = Path(__file__).parents[2] / "data" / "desk.yml"


@dataclass(frozen=True)
class Rules:
    """`first` and `next` are minutes by queue (usual | urgent), `lease` seconds, `files_an_hour`
    what an agent opens without an alert, `always` that the desk never closes."""

    zone: ZoneInfo
    first_day: int
    last_day: int
    opens: time
    closes: time
    closed: frozenset[date]
    first: dict[str, int]
    next: dict[str, int]
    warn_at: float
    escalate_after: timedelta
    lease: timedelta
    usual_handling: timedelta
    files_an_hour: int
    always: bool


def queue_name(urgent: bool) -> str:
    return "urgent" if urgent else "usual"


def rules() -> Rules:
    """The rules in force."""
    return _rules(desk_always_open())


@lru_cache(maxsize=2)
def _rules(always: bool) -> Rules:
    table: dict[str, Any] = read_yaml(FILE)
    return Rules(
        zone=ZoneInfo(table["zone"]),
        first_day=table["days"][0],
        last_day=table["days"][1],
        opens=time.fromisoformat(table["opens"]),
        closes=time.fromisoformat(table["closes"]),
        closed=frozenset(table["closed"]),
        first=table["first_answer"],
        next=table["next_answer"],
        warn_at=table["warn_at"],
        escalate_after=timedelta(minutes=table["escalate_after"]),
        lease=timedelta(seconds=table["lease"]),
        usual_handling=timedelta(minutes=table["usual_handling"]),
        files_an_hour=table["files_an_hour"],
        always=always,
    )
