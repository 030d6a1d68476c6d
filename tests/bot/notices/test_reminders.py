"""Reminders come 14, 3 and 1 days before the date, each once, and not on top of the request."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import time_machine
from sqlalchemy import select

from bot.notices.reminders import remind
from bot.notices.topics import EMAIL
from bot.notices.wishes import subscribe
from bot.store import Database, News, Requirement
from tests.support.standing import Family

DUE = date(2026, 6, 30)
MORNING = 15  # UTC: 8:00 in Vancouver


def ask(database: Database, asked_on: date, due_on: date | None = DUE, **values: Any) -> int:
    """Somebody who subscribed is asked for a passport; their id."""
    with database.write() as session:
        family = Family(session)
        person = family.principal
        subscribe(session, person.id, "en", [EMAIL])
        session.add(
            Requirement(
                application_id=family.application.id, code="passport", person_id=person.id,
                asked_on=asked_on, due_on=due_on, **values,
            )
        )  # fmt: skip
        return int(person.id)


def days_of_reminders(database: Database, person_id: int, hour: int = MORNING) -> list[int]:
    """How many days before the date each reminder was written, looking once a day."""
    found = []
    for before in range(30, -4, -1):
        day = datetime(DUE.year, DUE.month, DUE.day, hour, tzinfo=timezone.utc)
        with time_machine.travel(day - timedelta(days=before), tick=False):
            count = len(reminders(database, person_id))
            remind(database)
            remind(database)
            found += [before] * (len(reminders(database, person_id)) - count)
    return found


def reminders(database: Database, person_id: int) -> list[dict[str, Any]]:
    with database.read() as session:
        return list(session.scalars(select(News.details).where(News.person_id == person_id)))


def test_three_reminders(database: Database) -> None:
    person_id = ask(database, DUE - timedelta(days=60))
    assert days_of_reminders(database, person_id) == [14, 3, 1]
    details = reminders(database, person_id)[0]
    assert details["reminder"] and details["due_on"] == "2026-06-30"


def test_the_day_begins_when_it_has_begun_in_the_west(database: Database) -> None:
    """At 5:00 UTC it is the evening before from Toronto to Vancouver."""
    person_id = ask(database, DUE - timedelta(days=60))
    assert days_of_reminders(database, person_id, hour=5) == [13, 2, 0]


def test_who_is_asked_late_gets_what_is_still_ahead(database: Database) -> None:
    person_id = ask(database, DUE - timedelta(days=10))
    assert days_of_reminders(database, person_id) == [3, 1]


def test_who_is_asked_for_tomorrow_is_not_reminded_as_well(database: Database) -> None:
    assert days_of_reminders(database, ask(database, DUE - timedelta(days=1))) == []


def test_after_a_pause_of_ours_only_the_last_one_that_was_missed_comes(
    database: Database,
) -> None:
    person_id = ask(database, DUE - timedelta(days=60))
    with time_machine.travel(datetime(2026, 6, 28, MORNING, tzinfo=timezone.utc), tick=False):
        remind(database)
    assert len(reminders(database, person_id)) == 1


def test_what_is_met_or_has_no_date_is_not_reminded_of(database: Database) -> None:
    met = ask(database, DUE - timedelta(days=60), met_on=DUE - timedelta(days=40))
    undated = ask(database, DUE - timedelta(days=60), due_on=None)
    assert days_of_reminders(database, met) == days_of_reminders(database, undated) == []


def test_many_are_reminded_piece_by_piece(database: Database) -> None:
    people = [ask(database, DUE - timedelta(days=60)) for _ in range(5)]
    with time_machine.travel(datetime(2026, 6, 16, MORNING, tzinfo=timezone.utc), tick=False):
        assert remind(database, batch=2) == 5
    assert [len(reminders(database, each)) for each in people] == [1] * 5
