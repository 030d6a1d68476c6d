"""What is counted, what is not shown, and how a file for a spreadsheet is written."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import now
from bot.figures import figures, sheet, tables
from bot.figures.sheet import safe
from bot.figures.tables import Row, Table
from bot.handoff import request
from bot.store import Database, Handoff
from tests.bot.figures.counted import PAST, rated, talked


def counted(database: Database, days: int = 7) -> Any:
    with database.read() as session:
        return figures(session, days)


def ends(found: Any) -> tuple[int, int, int, int]:
    return found.total, found.solved, found.agent, found.unsolved


def test_a_conversation_whose_last_message_was_understood_is_solved(database: Database) -> None:
    with database.write() as session:
        talked(session, "nlu_fallback", "check_status", "thank")
    assert ends(counted(database).whole) == (1, 1, 0, 0)


def test_one_that_ends_in_a_misunderstanding_is_not(database: Database) -> None:
    with database.write() as session:
        talked(session, "check_status", "nlu_fallback")
    assert ends(counted(database).whole) == (1, 0, 0, 1)


def test_one_that_was_rated_badly_is_not(database: Database) -> None:
    with database.write() as session:
        rated(session, talked(session, "check_status"), 2)
        rated(session, talked(session, "check_status"), 3)
    assert ends(counted(database).whole) == (2, 1, 0, 1)


def test_who_asked_for_a_person_was_not_served_by_the_assistant(database: Database) -> None:
    with database.write() as session:
        here = talked(session, "check_status")
        request(session, here, "asked").asked_at = now() - PAST
    assert ends(counted(database).whole) == (1, 0, 1, 0)


def test_greetings_alone_are_no_conversation(database: Database) -> None:
    with database.write() as session:
        talked(session, "greet", "thank", "goodbye")
    assert ends(counted(database).whole) == (0, 0, 0, 0)


def test_who_is_still_talking_is_not_counted_yet(database: Database) -> None:
    with database.write() as session:
        talked(session, "check_status", at=now() - timedelta(minutes=5))
    assert ends(counted(database).whole) == (0, 0, 0, 0)


def test_what_lies_before_the_period_is_not_counted(database: Database) -> None:
    with database.write() as session:
        talked(session, "check_status", at=now() - timedelta(days=20))
    assert counted(database, 7).whole.total == 0
    assert counted(database, 30).whole.total == 1


def test_a_conversation_counts_for_each_of_its_subjects(database: Database) -> None:
    with database.write() as session:
        for _ in range(5):
            talked(session, "check_status", "ask_processing_time", language="fr", channel="sms")
        for _ in range(6):
            talked(session, "check_status")
    found = counted(database)
    assert [(one.of, one.total) for one in found.subjects] == [
        ("check_status", 11), ("ask_processing_time", 5),
    ]  # fmt: skip
    assert [(one.of, one.total) for one in found.languages] == [("en", 6), ("fr", 5)]
    assert [(one.of, one.total) for one in found.channels] == [("sms", 5), ("web", 6)]
    assert sum(day.total for day in found.days) == 11


def test_calls_avoided_are_parts_of_what_was_solved(database: Database) -> None:
    with database.write() as session:
        for _ in range(20):
            talked(session, "check_status")
        for _ in range(20):
            talked(session, "nlu_fallback")
    assert counted(database).calls == (4, 7, 10)


def test_waiting_begins_with_the_question_and_handling_with_the_claim(database: Database) -> None:
    begin = now() - PAST
    with database.write() as session:
        for minutes in range(1, 11):
            row: Handoff = request(session, talked(session, "check_status"), "complaint")
            row.asked_at = begin
            row.claimed_at = begin + timedelta(minutes=minutes)
            row.ended_at = row.claimed_at + timedelta(minutes=2 * minutes)
            row.broken_at = begin if minutes > 7 else None
    found = counted(database)
    whole = {one.of: (one.count, one.half, one.most) for one in found.waiting}
    assert whole["all"] == whole["en"] == (10, 300.0, 540.0)
    assert {one.of: one.half for one in found.handling}["all"] == 600.0
    assert (found.reasons, found.handoffs, found.broken) == ({"complaint": 10}, 10, 3)


def test_misunderstandings_and_scores(database: Database) -> None:
    with database.write() as session:
        for score in (5, 5, 4, 1, None):
            rated(session, talked(session, "check_status", "nlu_fallback"), score)
    found = counted(database)
    assert [(one.of, one.total, one.lost) for one in found.understood] == [
        ("all", 10, 5), ("en.web", 10, 5),
    ]  # fmt: skip
    whole = found.satisfaction[0]
    assert (whole.asked, whole.answered, whole.mean) == (5, 4, 3.75)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_stands_for_few_is_not_shown(database: Database, language: str) -> None:
    with database.write() as session:
        for _ in range(4):
            here = talked(session, "check_status")
            request(session, here, "complaint").asked_at = now() - PAST
            rated(session, here, 5)
    shown = tables(counted(database), language)
    cells = [cell for table in shown for row in table.rows for cell in row.cells]
    assert cells, "there are rows"
    assert not {"1", "2", "3", "4"} & set(cells)
    assert all(not row.parts for table in shown for row in table.rows if table.key != "understood")


def test_every_row_has_a_cell_for_every_head(database: Database) -> None:
    with database.write() as session:
        for _ in range(6):
            here = talked(session, "check_status")
            request(session, here, "complaint").asked_at = now() - PAST
            rated(session, here, 5)
    for table in tables(counted(database), "fr"):
        assert all(len(row.cells) + 1 == len(table.head) for row in table.rows), table.key
        assert all(sum(row.parts) <= 100.001 for row in table.rows), table.key


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    table = Table("key", cell, "", (cell,), [Row(cell, (cell,))])
    rows = list(csv.reader(io.StringIO(sheet([table]).lstrip("\ufeff"), newline="")))
    assert [one for row in rows for one in row] == [f"'{cell}"] * 4


def test_usual_cells_stay_as_they_are() -> None:
    assert [safe(one) for one in ("45", "45 %", "–", "Où ?")] == ["45", "45 %", "–", "Où ?"]
