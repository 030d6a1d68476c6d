"""What looks for personal values after each test finds them where they stand."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.store import Database, Tally
from bot.store.moments import read_clock
from tests.bot.identity.people import add_client
from tests.campaigns.without import kept
from tests.support.canary_suite import Watch


def watched(database: Database, act: Callable[[Database], None]) -> list[str]:
    watch = Watch()
    watch.add(database)
    act(database)
    return watch.end()


def add_somebody(database: Database) -> None:
    with database.write() as session:
        add_client(session, 101)


def test_sealed_columns_hold_nothing_in_clear(database: Database) -> None:
    assert watched(database, add_somebody) == []


def test_columns_that_are_not_sealed_are_named(database: Database) -> None:
    with kept.sealing():
        found = watched(database, add_somebody)
    assert any(one.startswith("person family_name") and "person.details" in one for one in found)
    assert any(one.startswith("file") and "application.number" in one for one in found)


def test_a_value_in_another_column_is_named(database: Database) -> None:
    def count_by_name(here: Database) -> None:
        add_somebody(here)
        with here.write() as session:
            row = {"kind": "p101@example.ca", "subject": b"x", "count": 1}
            session.add(Tally(**row, started_at=read_clock(session)))

    found = watched(database, count_by_name)
    assert any("person email 'p101@example.ca' in tally.kind" in one for one in found)


def test_a_value_in_the_log_is_named(database: Database) -> None:
    watch = Watch()
    watch.add(database)
    add_somebody(database)
    plain = [structlog.processors.KeyValueRenderer()]  # the service's own let no address through
    logger = structlog.BoundLogger(structlog.PrintLogger(watch.log), plain, {})
    logger.info("somebody came", email="p101@example.ca")
    assert any("'p101@example.ca' in log" in one for one in watch.end())


def test_a_part_of_a_longer_word_is_no_value(database: Database) -> None:
    def count_words(here: Database) -> None:
        add_somebody(here)
        with here.write() as session:
            row = {"kind": "montréalais", "subject": b"x", "count": 1}
            session.add(Tally(**row, started_at=read_clock(session)))

    assert watched(database, count_words) == []
