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
    ("marc_andre", "F000000103", "sponsor"),
    ("helene", "F000000103", "rep"),
    ("mateo", "C000000105", "pa"),
    ("karim", "C000000105", "rep"),
    ("fatou", "C000000106", "pa"),
    ("priya", "F000000107", "pa"),
    ("arjun", "F000000107", "child1"),
    ("daniel", "F000000107", "sponsor"),
    ("ngozi", "F000000107", "rep"),
    ("layla", "C000000111", "parent"),
    ("marie_ange", "F000000113", "pa"),
    ("adaeze", "F000000119", "pa"),
    ("emeka", "F000000119", "child1"),
    ("tunde", "F000000119", "sponsor"),
    ("khady", "F000000119", "rep"),
    ("olena", "C000000116", "pa"),
    ("andriy", "C000000116", "friend"),
    ("siobhan", "C000000117", "pa"),
    ("grace", "C000000117", "rep"),
)

_BY_FORM = {"representative", "designated_person"}
# What is on file of the applicant and typed into the form.
_TYPED = ("family_name", "given_names", "uci", "birth_date", "birth_place")


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

    Each: `name`, `language` and `email` (None where the file has none) are the person's own;
    `product` and `description` {"en", "fr"} tell of the case. The rest is what they type into the
    form: application_number, uci, family_name, given_names, birth_date and birth_place are the
    applicant's, who is the person themself unless they act by a form; then party_id,
    own_family_name and own_given_names (None for everybody else) say who they are.
    """
    files = {record["application_number"]: record for record in demo_cases(today)}
    return [_shown(key, files[number], ref) for key, number, ref in _SHOWN]


def _shown(key: str, record: dict[str, Any], ref: str) -> dict[str, Any]:
    person = _person(record, ref)
    acts = bool(_BY_FORM & set(person["roles"]))
    applicant = _person(record, "pa") if acts else person
    return {
        "name": f"{person['given_names']} {person['family_name']}",
        "language": person["language"],
        "email": person.get("email"),
        **{name: applicant.get(name) for name in _TYPED},
        "party_id": person["party_id"] if acts else None,
        "own_family_name": person["family_name"] if acts else None,
        "own_given_names": person["given_names"] if acts else None,
        "application_number": record["application_number"],
        "product": line_of(record["line"]).product,
        "description": {language: say(language, f"demo.{key}") for language in LANGUAGES},
    }


def _person(record: dict[str, Any], ref: str) -> dict[str, Any]:
    return next(entry for entry in record["people"] if entry["ref"] == ref)


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
