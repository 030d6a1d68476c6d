"""An import tells subscribers what changed, in its own transaction, and never a mere new date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import today
from bot.notices.topics import EMAIL
from bot.notices.wishes import subscribe
from bot.store import Application, Database, News
from tests.bot.cases.case_files import BASE, later, person_named, record
from tests.bot.cases.conftest import Load

SECTIONS = BASE["sections"]
DONE = {"status": "completed"}
ZOE, LUC = "00000777", "0000000778"


def waiting(section: str) -> dict[str, Any]:
    return {**SECTIONS, section: {"status": "waiting_on_you", "changed_on": "2025-03-02"}}


@pytest.fixture
def known(database: Database, load: Load) -> dict[str, int]:
    """The base record is there, and everybody on it subscribed."""
    load(record())
    with database.write() as session:
        people = {uci: person_named(session, uci).id for uci in (ZOE, LUC)}
        for person_id in people.values():
            subscribe(session, person_id, "en", [EMAIL])
    return people


def news(database: Database, person_id: int) -> list[tuple[str, dict[str, Any], bool]]:
    with database.read() as session:
        rows = session.scalars(
            select(News).where(News.person_id == person_id).order_by(News.id)
        ).all()
        return [(each.topic, each.details, each.urgent) for each in rows]


def topics(database: Database, person_id: int) -> list[str]:
    return [topic for topic, _, _ in news(database, person_id)]


def test_a_first_import_and_the_same_again_are_no_news(
    database: Database, load: Load, known: dict[str, int]
) -> None:
    load(record(), later())
    assert topics(database, known[ZOE]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"updated_on": "2025-03-05"},
        {"documents": {"medical_exam": {"status": "received", "changed_on": "2025-03-02"}}},
        {"sections": {**SECTIONS, "eligibility": {**DONE, "changed_on": "2025-03-02"}}},
    ],
    ids=["a new date", "a document", "a section that goes on"],
)  # fmt: skip
def test_what_asks_nothing_and_ends_nothing_is_no_news(
    database: Database, load: Load, known: dict[str, int], changes: dict[str, Any]
) -> None:
    load(later(**changes))
    assert topics(database, known[ZOE]) == []


def test_a_changed_status_is_told_to_applicant_and_consented_sponsor(
    database: Database, load: Load, known: dict[str, int]
) -> None:
    load(later(overall="closed"))
    assert topics(database, known[ZOE]) == topics(database, known[LUC]) == ["status"]


def test_a_section_that_waits_is_told_once_and_again_when_it_waits_again(
    database: Database, load: Load, known: dict[str, int]
) -> None:
    load(later(1, sections=waiting("eligibility")))
    load(later(2, sections=waiting("eligibility")))
    assert topics(database, known[ZOE]) == ["waiting"]
    load(later(3), later(4, sections=waiting("eligibility")))
    assert topics(database, known[ZOE]) == ["waiting"] * 2


def test_a_request_is_told_with_its_date_and_again_when_the_date_moves(
    database: Database, load: Load, known: dict[str, int]
) -> None:
    asked = {"code": "biometrics", "person": "pa", "asked_on": "2025-03-02"}
    old = BASE["requirements"]
    load(later(1, requirements=[*old, {**asked, "due_on": "2025-04-01"}]))
    load(later(2, requirements=[*old, {**asked, "due_on": "2025-05-01"}]))
    load(later(3, requirements=[*old, {**asked, "due_on": "2025-06-01", "met_on": "2025-03-03"}]))
    found = news(database, known[ZOE])
    assert [details["due_on"] for _, details, _ in found] == ["2025-04-01", "2025-05-01"]
    assert {topic for topic, _, _ in found} == {"request"}


@pytest.mark.parametrize(("days", "urgent"), [(-1, False), (0, True), (1, True), (2, False)])
def test_only_what_is_due_at_once_is_urgent(
    database: Database, load: Load, known: dict[str, int], days: int, urgent: bool
) -> None:
    due = (today() + timedelta(days=days)).isoformat()
    asked = {"code": "biometrics", "person": "pa", "asked_on": "2025-03-02", "due_on": due}
    load(later(1, requirements=[*BASE["requirements"], asked]))
    assert [each[2] for each in news(database, known[ZOE])] == [urgent]


@pytest.mark.parametrize(
    ("stage", "topic"),
    [("returned", "photo"), ("confirmed", "confirmation"), ("card_mailed", "card")],
)
def test_stages_of_landing_that_an_import_brings_are_told_to_the_applicant_only(
    database: Database, load: Load, known: dict[str, int], stage: str, topic: str
) -> None:
    entry = {"person": "pa", "stage": stage, "changed_on": "2025-03-02"}
    load(later(1, landing=[entry]))
    assert topics(database, known[ZOE]) == [topic]
    assert topics(database, known[LUC]) == []


def test_news_stand_or_fall_with_the_change(
    database: Database, load: Load, known: dict[str, int], monkeypatch: Any
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("killed here")

    monkeypatch.setattr("bot.cases.importing.save", fails)
    with pytest.raises(RuntimeError):
        load(later(overall="closed"))
    assert topics(database, known[ZOE]) == []
    with database.read() as session:
        assert session.scalar(select(Application.overall)) == "in_progress"


def test_two_versions_in_one_file_are_two_changes(
    database: Database, load: Load, known: dict[str, int]
) -> None:
    load(later(1, overall="closed"), later(2, overall="in_progress"))
    assert topics(database, known[ZOE]) == ["status", "status"]
