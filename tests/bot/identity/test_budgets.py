"""What may be tried is counted in the database, exactly, whoever asks and from how many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from bot.clock import now
from bot.identity import budgets
from bot.identity.budgets import (
    BUDGETS,
    DEMO_BUDGETS,
    HOUR,
    Budget,
    BudgetSpent,
    count_up,
    forget,
    network_of,
    spend,
    spend_or_raise,
    subject_of,
)
from bot.store import Database, Tally

BUDGET = Budget("test", 3, HOUR)
WHO, OTHER = b"w" * 16, b"o" * 16


def tries(database: Database, count: int, budget: Budget = BUDGET, who: bytes = WHO) -> list[bool]:
    taken = []
    for _ in range(count):
        with database.write() as session:
            taken.append(spend(session, budget, who))
    return taken


def pass_time(database: Database, time: timedelta) -> None:
    """What counts is the database's clock, which a test cannot move: move the start instead."""
    with database.write() as session:
        for row in session.scalars(select(Tally)):
            row.started_at = row.started_at - time


def counted(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(select(Tally.count)))


def test_a_budget_is_spent_exactly(database: Database) -> None:
    assert tries(database, 5) == [True, True, True, False, False]
    assert counted(database) == [3], "a refused try is not counted"


def test_each_subject_and_kind_has_a_budget_of_its_own(database: Database) -> None:
    tries(database, 4)
    assert tries(database, 1, who=OTHER) == [True]
    assert tries(database, 1, Budget("another", 1, HOUR)) == [True]
    assert tries(database, 1) == [False]


def test_a_window_begins_with_its_first_try_and_then_all_is_new(database: Database) -> None:
    tries(database, 4)
    pass_time(database, timedelta(minutes=59))
    assert tries(database, 1) == [False]
    pass_time(database, timedelta(minutes=1))
    assert tries(database, 4) == [True, True, True, False]


def test_the_clock_of_the_application_counts_for_nothing(database: Database) -> None:
    tries(database, 3)
    for shift in (timedelta(hours=2), -timedelta(hours=2)):
        with time_machine.travel(now() + shift, tick=True):
            assert tries(database, 1) == [False]


@pytest.mark.parametrize("threads", [32])
def test_parallel_tries_never_pass_the_budget(database: Database, threads: int) -> None:
    budget = Budget("test", 10, HOUR)
    with ThreadPoolExecutor(threads) as pool:
        taken = list(pool.map(lambda _: tries(database, 5, budget), range(threads)))
    assert sum(map(sum, taken)) == 10
    assert counted(database) == [10]


def test_parallel_tries_share_a_window_that_begins_anew(database: Database) -> None:
    tries(database, 3)
    pass_time(database, HOUR)
    with ThreadPoolExecutor(16) as pool:
        taken = list(pool.map(lambda _: tries(database, 2), range(16)))
    assert sum(map(sum, taken)) == 3


def test_whoever_is_refused_is_told_how_long_to_wait(database: Database) -> None:
    tries(database, 3)
    pass_time(database, timedelta(minutes=50))
    with pytest.raises(BudgetSpent) as refused, database.write() as session:
        spend_or_raise(session, BUDGET, WHO)
    assert 595 <= refused.value.seconds <= 600
    assert refused.value.budget is BUDGET


def test_nobody_is_told_to_wait_for_no_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries(database, 3)
    with database.read() as session:
        started_at = session.scalar(select(Tally.started_at))
    nearly = started_at + HOUR - timedelta(milliseconds=400)
    monkeypatch.setattr(budgets, "read_clock", lambda _session: nearly)
    with pytest.raises(BudgetSpent) as refused, database.write() as session:
        spend_or_raise(session, BUDGET, WHO)
    assert refused.value.seconds == 1


def test_counting_without_a_limit_is_ended_by_forgetting_only(database: Database) -> None:
    with database.write() as session:
        assert [count_up(session, "wrong", WHO) for _ in range(3)] == [1, 2, 3]
        assert count_up(session, "wrong", OTHER) == 1
    pass_time(database, timedelta(days=300))
    with database.write() as session:
        assert count_up(session, "wrong", WHO) == 4
        forget(session, "wrong", WHO)
        assert count_up(session, "wrong", WHO) == 1
        assert count_up(session, "wrong", OTHER) == 2


def test_counting_in_parallel_loses_nothing(database: Database) -> None:
    def one(_: int) -> int:
        with database.write() as session:
            return count_up(session, "wrong", WHO)

    with ThreadPoolExecutor(16) as pool:
        assert sorted(pool.map(one, range(48))) == list(range(1, 49))


def test_a_subject_names_nobody(database: Database) -> None:
    with database.write() as session:
        subject = subject_of(session, "00000101")
        spend(session, BUDGET, subject)
        assert subject != subject_of(session, "00000102")
        assert subject == subject_of(session, "00000101")
    assert len(subject) == 16
    assert b"101" not in subject


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("::ffff:192.0.2.1", "::ffff:198.51.100.1", False),
        ("unix", "unix", True),
        ("unix", "elsewhere", False),
    ],
)
def test_a_network_is_what_one_household_has(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_the_budgets_are_those_that_were_promised() -> None:
    """knowledge: security, T03 and T05."""
    details = (BUDGETS.by_conversation, BUDGETS.by_network, BUDGETS.by_person)
    named = {budget.kind: (budget.most, budget.window) for budget in (*details, *BUDGETS.codes)}
    day = timedelta(hours=24)
    assert named == {
        "details.conversation": (5, HOUR),
        "details.network": (30, HOUR),
        "details.person": (10, day),
        "codes.hour": (3, HOUR),
        "codes.day": (10, day),
    }
    assert DEMO_BUDGETS.by_person.most > BUDGETS.by_person.most


def test_a_count_survives_a_new_process(database: Database) -> None:
    tries(database, 3)
    again = Database(database.url, database.keys)
    try:
        assert tries(again, 1) == [False]
    finally:
        again.close()
