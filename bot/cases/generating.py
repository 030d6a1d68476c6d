"""Invented cases for trials, load tests and the demo: realistic, deterministic, nobody's.

Identifiers are made up, e-mail addresses end in example.ca or example.org, and phone numbers are of
the 555-01xx range that is kept for fiction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from bot.cases.invented.families import citizenship_people, family_people, mandate
from bot.cases.invented.people import Inventor, ScrambledIdentifiers
from bot.cases.invented.personas import demo_cases, demo_people
from bot.cases.invented.scenarios import Plan, write_case
from bot.cases.lines import vocabulary

__all__ = ["ANCHOR", "demo_cases", "demo_people", "generate"]

# "Today" of the generated cases: fixed, so that a seed gives the same file for ever.
ANCHOR = date(2026, 6, 30)
_LINES = (
    ["family_spouse"] * 7 + ["family_partner"] * 3 + ["family_child"] * 2
    + ["citizenship_adult"] * 7 + ["citizenship_minor"]
)  # fmt: skip
_OVERALL = ["received"] * 3 + ["in_progress"] * 12 + ["closed"] * 5
_MANDATE_STATES = ["active"] * 7 + ["expired"] * 2 + ["cancelled"]
_REPRESENTATIVES = 400


def generate(n: int, seed: int) -> Iterator[dict[str, Any]]:
    """`n` import records; the first ones are the same for every `n` of the same `seed`."""
    inventor = Inventor(Random(seed), ScrambledIdentifiers(seed))
    crowd = _Crowd(inventor, ANCHOR.toordinal())
    for _ in range(n):
        yield crowd.case()


class _Crowd:
    """Cases whose people meet again: representatives act for many, permanent residents apply for
    citizenship later."""

    def __init__(self, inventor: Inventor, today: int) -> None:
        self._inventor, self._today = inventor, today
        self._representatives = [self._representative() for _ in range(_REPRESENTATIVES)]
        self._landed: deque[dict[str, Any]] = deque(maxlen=300)
        self._stages = vocabulary().landing_stages

    def case(self) -> dict[str, Any]:
        inventor = self._inventor
        line, overall = inventor.pick(_LINES), inventor.pick(_OVERALL)
        streams = vocabulary().lines[line].streams
        closed_family = overall == "closed" and bool(streams)
        plan = Plan(
            line,
            inventor.pick(streams) if streams else None,
            overall,
            self._today,
            acknowledged=overall != "received" or inventor.rnd() < 0.5,
            stage=inventor.pick(self._stages) if closed_family and inventor.rnd() < 0.7 else None,
        )
        people, mandates = self._people(line)
        if plan.stage == "card_mailed":
            self._landed.append(people[0])
        return write_case(inventor, plan, people, mandates)

    def _people(self, line: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        inventor, today = self._inventor, self._today
        mandates: list[dict[str, Any]] = []
        if not line.startswith("citizenship"):
            people = family_people(inventor, line, today)
        elif line == "citizenship_adult" and self._landed and inventor.rnd() < 0.1:
            people = [self._landed.pop()]
        else:
            people, mandates = citizenship_people(inventor, line, today)
        luck = inventor.rnd()
        if luck < 0.15:
            people.append(inventor.pick(self._representatives))
            mandates.append(self._mandate("rep", "IMM5476"))
        elif luck < 0.2:
            born = today - inventor.between(9_000, 25_000)
            kin = inventor.family_origin()
            people.append(inventor.person("friend", ["designated_person"], kin, born))
            mandates.append(self._mandate("friend", "IMM5475"))
        return people, mandates

    def _mandate(self, ref: str, form: str) -> dict[str, Any]:
        inventor = self._inventor
        scope = "status_only" if form == "IMM5475" or inventor.rnd() < 0.1 else "all"
        state = inventor.pick(_MANDATE_STATES)
        return mandate(inventor, ref, form, self._today, state, scope)

    def _representative(self) -> dict[str, Any]:
        inventor = self._inventor
        born = self._today - inventor.between(9_000, 25_000)
        kin = inventor.family_origin()
        return inventor.person("rep", ["representative"], kin, born, party=True)
