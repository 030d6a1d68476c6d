"""Invented cases are the same for a seed, of every kind, and nobody's."""

from __future__ import annotations

import re
from itertools import islice

from bot.cases.generating import generate
from bot.cases.lines import is_covered, vocabulary

CASES = list(generate(1_500, 1))
PEOPLE = [person for case in CASES for person in case["people"]]


def test_a_seed_gives_the_same_cases_and_another_one_other_cases() -> None:
    assert list(generate(20, 1)) == CASES[:20]
    assert list(islice(generate(10_000, 1), 20)) == CASES[:20]
    assert list(generate(20, 2)) != CASES[:20]


def test_every_line_status_stage_role_and_form_occurs() -> None:
    words = vocabulary()
    assert {case["line"] for case in CASES} == {code for code in words.lines if is_covered(code)}
    assert {case.get("stream") for case in CASES} == {*words.streams, None}
    assert {case["overall"] for case in CASES} == set(words.overall)
    statuses = {state["status"] for case in CASES for state in case["sections"].values()}
    assert statuses == set(words.section_statuses)
    documents = {state["status"] for case in CASES for state in case["documents"].values()}
    assert documents == set(words.document_statuses)
    assert {e["stage"] for case in CASES for e in case["landing"]} == set(words.landing_stages)
    assert {role for person in PEOPLE for role in person["roles"]} == set(words.roles)
    mandates = {(m["form"], m["scope"]) for case in CASES for m in case["mandates"]}
    assert mandates == {("IMM5476", "all"), ("IMM5476", "status_only"), ("IMM5475", "status_only")}
    requirements = {r["code"] for case in CASES for r in case["requirements"]}
    assert requirements == set(words.requirements)


def test_numbers_are_unique_within_and_between_seeds() -> None:
    numbers = [case["application_number"] for case in CASES]
    others = {case["application_number"] for case in generate(1_500, 2)}
    assert len(set(numbers)) == len(numbers)
    assert not others & set(numbers)


def test_addresses_and_phones_are_of_the_ranges_kept_for_examples() -> None:
    emails = {person["email"] for person in PEOPLE if "email" in person}
    phones = {person["phone"] for person in PEOPLE if "phone" in person}
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.(ca|org)", email) for email in emails)
    assert all(re.fullmatch(r"613-555-01\d\d", phone) for phone in phones)


def test_an_open_requirement_and_a_waiting_section_go_together() -> None:
    for case in CASES:
        waiting = [r for r in case["requirements"] if "met_on" not in r]
        sections = [s for s in case["sections"].values() if s["status"] == "waiting_on_you"]
        assert len(waiting) == len(sections)


def test_representatives_and_new_residents_stand_on_several_files() -> None:
    seen: dict[str, int] = {}
    for person in PEOPLE:
        identifier = person.get("uci") or person["party_id"]
        seen[identifier] = seen.get(identifier, 0) + 1
    assert max(seen.values()) > 1
    assert any(count > 1 and "-" in identifier for identifier, count in seen.items())
