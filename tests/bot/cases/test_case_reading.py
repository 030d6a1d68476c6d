"""A case is read whole, for one person, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from bot.cases.generating import generate
from bot.cases.importing import import_cases
from bot.cases.lines import sections_of
from bot.cases.reading import CaseView, applications_of, read_case
from bot.cases.record import parse_record
from bot.store import Application, Database, Participant, PublishedTime
from tests.bot.cases.case_files import (
    BASE,
    application_id,
    later,
    pa,
    person_named,
    record,
    write_file,
)
from tests.bot.cases.conftest import Load

TODAY = date(2025, 3, 10)


def ids(database: Database, uci: str = "00000777", number: str = "F000000777") -> tuple[int, int]:
    with database.read() as session:
        return (
            application_id(session, number),
            person_named(session, uci).id,
        )


def view_of(database: Database, uci: str = "00000777", today: date = TODAY) -> CaseView:
    with database.read() as session:
        return read_case(session, *ids(database, uci), today)


def publish(database: Database, **values: Any) -> None:
    row = {"line": "family_spouse", "stream": "outside_canada", "kind": "processing_time",
           "value": 2, "unit": "months", "as_of": date(2025, 1, 1), "sample": False,
           "url_en": "https://www.canada.ca/en", "url_fr": "https://www.canada.ca/fr"}  # fmt: skip
    with database.write() as session:
        session.add(PublishedTime(**{**row, **values}))


def test_sections_come_in_the_order_of_the_line(database: Database, load: Load) -> None:
    codes = sections_of("family_spouse")
    state = {"status": "not_started", "changed_on": "2025-02-01"}
    load(record(sections={code: state for code in reversed(codes)}))
    assert [section.code for section in view_of(database).sections] == list(codes)


def test_open_requirements_are_the_persons_own_soonest_first(
    database: Database, load: Load
) -> None:
    load(record(requirements=[
        {"code": "passport", "person": "pa", "asked_on": "2025-02-15"},
        {"code": "biometrics", "person": "pa", "asked_on": "2025-02-15", "met_on": "2025-02-20"},
        {"code": "police_certificate", "person": "pa", "asked_on": "2025-02-16",
         "due_on": "2025-03-31"},
        {"code": "proof_of_relationship", "person": "sponsor", "asked_on": "2025-02-17"},
    ]))  # fmt: skip
    own = view_of(database)
    assert [(r.code, r.days_left) for r in own.requirements] == [
        ("police_certificate", 21), ("passport", None),
    ]  # fmt: skip
    assert own.others_waiting
    assert [r.code for r in view_of(database, "0000000778").requirements] == [
        "proof_of_relationship"
    ]


def test_the_history_leaves_out_what_was_asked_of_others(database: Database, load: Load) -> None:
    load(record())
    asked = [*BASE["requirements"],
             {"code": "proof_of_relationship", "person": "sponsor",
              "asked_on": "2025-03-02"}]  # fmt: skip
    load(later(1, requirements=asked, overall="closed"))
    shared = ["received", "acknowledged", "overall"]
    assert [entry.event for entry in view_of(database).history] == shared
    theirs = view_of(database, "0000000778").history
    assert [entry.event for entry in theirs] == [*shared[:2], "requirement_asked", "overall"]


def test_nobody_reads_a_file_on_which_they_do_not_stand(database: Database, load: Load) -> None:
    load(record(), record(application_number="F000000888", people=[pa(uci="0000-0001")]))
    application_id, _ = ids(database)
    _, stranger = ids(database, "00000001")
    with database.read() as session:
        with pytest.raises(LookupError):
            read_case(session, application_id, stranger, TODAY)
        with pytest.raises(LookupError):
            read_case(session, 999, stranger, TODAY)


@pytest.mark.parametrize(
    ("today", "late", "months"),
    [(date(2025, 3, 9), False, 1), (date(2025, 3, 10), False, 2), (date(2025, 3, 11), True, 2)],
)
def test_a_file_is_late_the_day_after_the_published_months(
    database: Database, load: Load, today: date, late: bool, months: int
) -> None:
    load(record())
    publish(database)
    view = view_of(database, today=today)
    assert (view.late, view.months_since_received) == (late, months)


def test_a_month_without_such_a_day_ends_the_time_on_its_last_day(
    database: Database, load: Load
) -> None:
    load(record(received_on="2024-12-31", acknowledged_on=None))
    publish(database)
    assert view_of(database, today=date(2025, 2, 28)).late is False
    assert view_of(database, today=date(2025, 3, 1)).late is True


def test_a_month_that_has_the_day_ends_the_time_on_that_day(database: Database, load: Load) -> None:
    load(record(received_on="2025-01-31", acknowledged_on=None))
    publish(database)
    assert view_of(database, today=date(2025, 3, 31)).late is False
    assert view_of(database, today=date(2025, 4, 1)).late is True


def test_a_time_in_days_counts_days(database: Database, load: Load) -> None:
    load(record())
    publish(database, value=30, unit="days")
    assert view_of(database, today=date(2025, 2, 9)).late is False
    assert view_of(database, today=date(2025, 2, 10)).late is True


def test_nothing_is_said_about_lateness_without_a_time_or_after_the_end(
    database: Database, load: Load
) -> None:
    load(record())
    assert view_of(database).late is None
    assert view_of(database).processing_time is None
    publish(database)
    load(later(1, overall="closed"))
    assert view_of(database, today=date(2027, 1, 1)).late is None


def test_applications_of_lists_every_role_newest_file_first(database: Database, load: Load) -> None:
    load(
        record(people=[pa(roles=["principal_applicant", "dependant"])], requirements=None),
        record(application_number="C000000778", line="citizenship_adult", stream=None, sections={},
               documents={}, requirements=None, people=[pa()], received_on="2025-02-01",
               acknowledged_on=None),
    )  # fmt: skip
    with database.read() as session:
        found = [astuple(entry)[2:] for entry in applications_of(session, ids(database)[1])]
    assert found == [
        ("citizenship", "citizenship_adult", ("principal_applicant",)),
        ("permanent_residence", "family_spouse", ("dependant", "principal_applicant")),
    ]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def test_reading_takes_as_many_queries_for_a_large_file_as_for_a_small_one(
    database: Database, load: Load
) -> None:
    children = [pa(ref=f"c{n}", roles=["dependant"], uci=f"0000-1{n:03d}") for n in range(30)]
    large = record(
        application_number="F000000888",
        history=[{"on": "2025-02-01", "event": "updated"}] * 200,
        people=[pa(), *children],
    )
    load(record(), large)
    numbers = []
    for number in ("F000000777", "F000000888"):
        application_id, person_id = ids(database, number=number)
        with database.read() as session, counted(database) as statements:
            read_case(session, application_id, person_id, TODAY)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 9


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 79))
def test_any_generated_case_comes_back_as_it_was_written(
    database: Database, tmp_path: Path, seed: int
) -> None:
    raws = list(generate(4, seed))
    path = write_file(tmp_path / f"{seed}.jsonl", *raws)
    result = import_cases(database, path)
    assert result.rejected == 0
    for raw in raws:
        parsed = parse_record(path.read_bytes().splitlines()[raws.index(raw)])
        with database.read() as session:
            application_id = session.scalars(
                select(Application.id).where(
                    Application.number_index == database.keys.index("number", parsed.number)
                )
            ).one()
            person_id = session.scalars(
                select(Participant.person_id).where(
                    Participant.application_id == application_id,
                    Participant.role == "principal_applicant",
                )
            ).one()
            view = read_case(session, application_id, person_id, TODAY)
        assert (view.number, view.overall) == (parsed.number, parsed.overall)
        assert {s.code: (s.status, s.changed_on) for s in view.sections} == parsed.sections
        assert {d.code: (d.status, d.changed_on) for d in view.documents} == parsed.documents
        assert [astuple(entry)[:5] for entry in view.history] == [
            tuple(e)[:5] for e in parsed.history
        ]
        waiting = {r.code for r in parsed.requirements if r.met_on is None}
        assert {r.code for r in view.requirements} == waiting
        stages = [entry.state.status for entry in parsed.landing if entry.person == 0]
        assert [view.landing_stage] == (stages or [None])
