"""The people of the demo: a few written by hand, the rest so that every status and stage occurs.

All of them are invented: application numbers F0000001xx and C0000001xx, UCIs 0000-01xx.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from bot.cases.invented.citizenship_stories import citizenship_cases
from bot.cases.invented.families import citizenship_people, family_people
from bot.cases.invented.people import Inventor
from bot.cases.invented.residence_stories import residence_cases
from bot.cases.invented.scenarios import Plan, write_case
from bot.cases.lines import line_of, vocabulary
from bot.clock import today as current_day
from bot.texts import LANGUAGES, say

# Who stands on the page /demo: key of bot/texts/demo.yml, application number, person of the file.
_SHOWN = (
    ("amara", "F000000101", "pa"),
    ("luc", "F000000101", "sponsor"),
    ("zoe", "F000000103", "pa"),
    ("helene", "F000000103", "rep"),
    ("mateo", "C000000105", "pa"),
    ("karim", "C000000105", "rep"),
    ("fatou", "C000000106", "pa"),
    ("priya", "F000000107", "pa"),
    ("arjun", "F000000107", "child1"),
    ("layla", "C000000111", "parent"),
    ("marie_ange", "F000000113", "pa"),
    ("olena", "C000000116", "pa"),
    ("andriy", "C000000116", "friend"),
    ("siobhan", "C000000117", "pa"),
    ("grace", "C000000117", "rep"),
)


class _DemoIdentifiers:
    """The numbers behind those of the written cases."""

    def __init__(self) -> None:
        self._last_number = self._last_uci = 149

    def number(self, letter: str) -> str:
        self._last_number += 1
        return f"{letter}{self._last_number:09d}"

    def uci(self) -> str:
        self._last_uci += 1
        return f"0000-{self._last_uci:04d}"

    def party_id(self) -> str:
        raise NotImplementedError("the demo's representatives are written by hand")


def demo_cases(today: date | None = None) -> list[dict[str, Any]]:
    """The import records of the demo, dated relative to `today`, so that due dates lie ahead."""
    day = today or current_day()
    return [*residence_cases(day), *citizenship_cases(day), *_filling_cases(day)]


def demo_people(today: date | None = None) -> list[dict[str, Any]]:
    """The people whom a visitor of the demo can try the service as.

    Each: name, family_name, given_names, language, application_number, uci, party_id, birth_date,
    birth_place, email (None where the file has none), product, description {"en", "fr"}.
    """
    files = {record["application_number"]: record for record in demo_cases(today)}
    return [_shown(key, files[number], ref) for key, number, ref in _SHOWN]


def _shown(key: str, record: dict[str, Any], ref: str) -> dict[str, Any]:
    person = next(entry for entry in record["people"] if entry["ref"] == ref)
    details = ("family_name", "given_names", "language", "uci", "party_id", "birth_date",
               "birth_place", "email")  # fmt: skip
    return {
        "name": f"{person['given_names']} {person['family_name']}",
        **{name: person.get(name) for name in details},
        "application_number": record["application_number"],
        "product": line_of(record["line"]).product,
        "description": {language: say(language, f"demo.{key}") for language in LANGUAGES},
    }


def _filling_cases(today: date) -> list[dict[str, Any]]:
    """One family for each landing stage, and a few files at each overall status."""
    inventor, day = Inventor(Random(5), _DemoIdentifiers()), today.toordinal()
    lines = [code for code, line in vocabulary().lines.items() if line.streams]
    plans = [
        Plan(line, inventor.pick(line_of(line).streams), "closed", day, stage=stage)
        for stage, line in zip(vocabulary().landing_stages, lines * 5, strict=False)
    ]
    plans += [
        Plan("family_child", "inside_canada", "received", day),
        Plan("citizenship_minor", None, "received", day, acknowledged=False),
        Plan("citizenship_adult", None, "closed", day),
        Plan("family_partner", "outside_canada", "in_progress", day),
    ]
    return [_filled(inventor, plan) for plan in plans]


def _filled(inventor: Inventor, plan: Plan) -> dict[str, Any]:
    if plan.line.startswith("citizenship"):
        people, mandates = citizenship_people(inventor, plan.line, plan.today)
    else:
        people, mandates = family_people(inventor, plan.line, plan.today), []
    return write_case(inventor, plan, people, mandates)
