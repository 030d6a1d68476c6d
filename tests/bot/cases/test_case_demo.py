"""The demo shows every line, role, status and stage, with people who stay the same."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.cases.demo import load_demo
from bot.cases.generating import demo_cases, demo_people
from bot.cases.lines import is_covered, vocabulary
from bot.cases.record import parse_record
from bot.clock import today
from bot.identity.details import FIELDS, REPRESENTATIVE_FIELDS, parse_details
from bot.identity.matching import match
from bot.store import Application, Database, PublishedTime

CASES = demo_cases()
# Their form IMM 5476 has expired or was cancelled: no code is sent.
WITHOUT_MANDATE = {"Karim Al-Khoury", "Grace Otieno"}
BY_NUMBER = {case["application_number"]: case for case in CASES}
PEOPLE = [person for case in CASES for person in case["people"]]


def test_every_line_role_status_and_stage_occurs() -> None:
    words = vocabulary()
    assert {case["line"] for case in CASES} == {code for code in words.lines if is_covered(code)}
    assert {case["overall"] for case in CASES} == set(words.overall)
    assert {role for person in PEOPLE for role in person["roles"]} == set(words.roles)
    statuses = {state["status"] for case in CASES for state in case["sections"].values()}
    assert statuses == set(words.section_statuses)
    stages = {entry["stage"] for case in CASES for entry in case.get("landing", ())}
    assert stages == set(words.landing_stages)


def test_there_are_about_seventy_people_with_invented_identifiers() -> None:
    identifiers = {person.get("uci") or person["party_id"] for person in PEOPLE}
    assert 60 <= len(identifiers) <= 75
    assert all(re.fullmatch(r"0000-01\d\d|9000-01\d\d", value) for value in identifiers)
    assert all(re.fullmatch(r"[FC]0000001\d\d", number) for number in BY_NUMBER)
    emails = {person["email"] for person in PEOPLE if "email" in person}
    assert all(re.fullmatch(r"\S+@example\.(ca|org)", email) for email in emails)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["application_number"]))
def test_an_open_requirement_shows_as_a_section_that_waits(case: dict[str, Any]) -> None:
    parse_record(json.dumps(case).encode())
    waiting = [r for r in case.get("requirements", ()) if "met_on" not in r]
    sections = [s for s in case["sections"].values() if s["status"] == "waiting_on_you"]
    assert bool(waiting) == bool(sections)


def test_amara_has_three_weeks_for_her_police_certificate() -> None:
    amara = BY_NUMBER["F000000101"]
    (asked,) = amara["requirements"]
    due = date.fromisoformat(asked["due_on"])
    assert (asked["code"], due - today()) == ("police_certificate", timedelta(days=21))
    assert {code: state["status"] for code, state in amara["sections"].items()} == {
        "eligibility": "waiting_on_you",
        "medical_exam": "completed",
        "background_verification": "in_progress",
        "biometrics": "completed",
    }


def test_one_person_has_both_a_closed_and_a_citizenship_application() -> None:
    files = [c for c in CASES if any(p.get("uci") == "0000-0115" for p in c["people"])]
    assert {(c["line"], c["overall"]) for c in files} == {
        ("family_spouse", "closed"), ("citizenship_adult", "in_progress"),
    }  # fmt: skip


def test_representatives_have_an_active_an_expired_and_a_cancelled_form() -> None:
    day = today().isoformat()
    states = set()
    for case in CASES:
        for mandate in case.get("mandates", ()):
            expired = mandate.get("valid_until") and mandate["valid_until"] < day
            cancelled = mandate.get("cancelled_on")
            state = "cancelled" if cancelled else "expired" if expired else "active"
            states.add((mandate["form"], state))
    wanted = {"active", "expired", "cancelled"}
    assert {("IMM5476", state) for state in wanted} | {("IMM5475", "active")} <= states


def test_the_demo_is_loaded_once_and_then_left_alone(database: Database) -> None:
    assert load_demo(database) is True
    with database.read() as session:
        as_of = session.scalars(select(func.max(Application.as_of))).one()
        assert session.scalar(select(func.count()).select_from(PublishedTime)) > 5
    assert load_demo(database) is False
    with database.read() as session:
        assert session.scalars(select(func.max(Application.as_of))).one() == as_of
        assert session.scalar(select(func.count()).select_from(Application)) == len(CASES)


def test_every_person_on_the_page_can_be_matched_by_what_it_shows(database: Database) -> None:
    load_demo(database)
    for shown in demo_people():
        form = {**shown, "number": shown["application_number"]}
        form = {name: form[name] for name in (*FIELDS, *REPRESENTATIVE_FIELDS) if form.get(name)}
        with database.read() as session:
            found = match(session, parse_details(form))
        may = shown["email"] and shown["name"] not in WITHOUT_MANDATE
        assert found.email == (shown["email"] if may else None), shown["name"]


def test_people_on_the_page_are_the_same_on_another_day() -> None:
    assert demo_people(date(2027, 5, 1)) == demo_people(date(2029, 1, 31))


def test_every_person_on_the_page_has_a_line_in_both_languages() -> None:
    people = demo_people()
    assert len(people) >= 12
    assert any(person["email"] is None for person in people)
    assert {person["language"] for person in people} == {"en", "fr"}
    for person in people:
        assert person["description"]["en"] != person["description"]["fr"]
