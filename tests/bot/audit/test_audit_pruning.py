"""The front of the chain goes when it is old enough; everything else that goes is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.audit import AuditBroken
from bot.audit.anchor import FILE, write_anchor
from bot.audit.pruning import prune
from bot.clock import now
from bot.store import Database
from tests.bot.audit.trails import (
    add,
    change,
    change_head,
    findings,
    grow,
    head,
    kinds,
    positions,
    put_back,
    remove,
    rows,
)

DAY = timedelta(days=1)


@pytest.fixture
def start(database: Database) -> datetime:
    """When the trail began: three rows a day for four days, positions 1 to 12."""
    begin = now() - timedelta(days=900)
    for day in range(4):
        with time_machine.travel(begin + day * DAY, tick=False):
            grow(database, 3)
    return begin


def prune_before(database: Database, moment: datetime) -> int:
    with database.write() as session:
        return prune(session, moment)


def test_old_rows_go_and_the_trail_still_verifies(database: Database, start: datetime) -> None:
    assert prune_before(database, start + DAY) == 3
    assert positions(database) == [*range(4, 14)]
    last = rows(database)[-1]
    assert (last["act"], last["detail"]["first"]) == ("audit.pruned", 4)
    assert findings(database) == []
    grow(database, 2)
    assert findings(database) == []


def test_pruning_again_goes_on_from_there(database: Database, start: datetime) -> None:
    prune_before(database, start + DAY)
    assert prune_before(database, start + 3 * DAY) == 6
    assert positions(database) == [*range(10, 15)]
    assert findings(database) == []


def test_a_row_as_young_as_the_limit_stays(database: Database, start: datetime) -> None:
    assert prune_before(database, start) == 0
    assert prune_before(database, start + timedelta(microseconds=1)) == 3


def test_nothing_old_enough_changes_nothing(database: Database, start: datetime) -> None:
    before = rows(database)
    assert prune_before(database, start - DAY) == 0
    assert rows(database) == before


def test_a_young_row_in_front_keeps_the_old_ones_behind_it(database: Database) -> None:
    """The clock was wrong once: the chain has no holes for that."""
    moment = now()
    grow(database, 2)
    with time_machine.travel(moment - 900 * DAY, tick=False):
        grow(database, 2)
    assert prune_before(database, moment - DAY) == 0
    assert positions(database) == [1, 2, 3, 4]


def test_a_whole_trail_may_be_old_enough(database: Database, start: datetime) -> None:
    assert prune_before(database, start + 10 * DAY) == 12
    assert positions(database) == [13]
    assert findings(database) == []
    assert prune_before(database, start + 10 * DAY) == 0
    grow(database, 1)
    assert prune_before(database, now() + DAY) == 2
    assert findings(database) == []
    remove(database, 15)
    assert kinds(database) == [("emptied", 1, 15)], "what said where it begins is gone as well"


def test_without_rows_there_is_nothing_to_prune(database: Database) -> None:
    assert prune_before(database, now()) == 0
    assert findings(database) == []


@pytest.mark.parametrize(
    "values", [{"act": "x"}, {"hash": bytes(32)}, {"detail": {"question": "check_other"}}]
)
@pytest.mark.parametrize("position", [1, 11])
def test_a_broken_trail_is_not_pruned(
    database: Database, start: datetime, position: int, values: dict[str, Any]
) -> None:
    change(database, position, **values)
    with pytest.raises(AuditBroken):
        prune_before(database, start + DAY)
    assert positions(database) == [*range(1, 13)]


def test_a_trail_with_a_broken_head_is_not_pruned(database: Database, start: datetime) -> None:
    change_head(database, position=11)
    with pytest.raises(AuditBroken):
        prune_before(database, start + DAY)
    assert positions(database) == [*range(1, 13)]


def test_rows_that_go_while_it_is_pruned_are_noticed(
    database: Database, start: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.audit.pruning.verify", lambda _: iter(()))
    remove(database, 2)
    with pytest.raises(AuditBroken):
        prune_before(database, start + DAY)
    assert positions(database) == [1, *range(3, 13)]


def test_one_row_more_than_was_pruned_is_missing(database: Database, start: datetime) -> None:
    prune_before(database, start + DAY)
    remove(database, 4, 5)
    assert kinds(database) == [("missing_first", 4, 5), ("unproven", 6, 6)]


def test_a_pruned_row_that_is_put_back_is_found(database: Database, start: datetime) -> None:
    third = rows(database)[2]
    prune_before(database, start + DAY)
    add(database, third)
    assert kinds(database) == [("inserted", 3, 3)]


def test_another_hash_before_the_first_row_is_found(database: Database, start: datetime) -> None:
    prune_before(database, start + DAY)
    claim = rows(database)[-1]
    change(database, 13, detail={**claim["detail"], "first": 7})
    remove(database, 4, 5, 6)
    assert kinds(database) == [("missing_first", 1, 6), ("unproven", 7, 7), ("altered", 13, 13)]


@pytest.mark.parametrize("position", [5, 14])
def test_a_forged_row_does_not_excuse_missing_ones(
    database: Database, start: datetime, position: int
) -> None:
    grow(database, 1)
    fourth = rows(database)[3]
    detail = {"first": 4, "before": rows(database)[2]["hash"].hex()}
    if position == 5:
        change(database, 5, act="audit.pruned", detail=detail)
    else:
        add(database, fourth, position=14, act="audit.pruned", detail=detail)
    remove(database, 1, 2, 3)
    found = kinds(database)
    assert found[0] == ("missing_first", 1, 3)
    assert any(first <= position <= last for _, first, last in found[1:])


def test_pruning_that_is_set_back_is_found_by_the_anchor(
    database: Database, start: datetime, tmp_path: Path
) -> None:
    entries, end = rows(database), head(database)
    prune_before(database, start + DAY)
    write_anchor(database, tmp_path / FILE)
    put_back(database, entries, end)
    assert kinds(database, tmp_path / FILE) == [("anchor_beyond", 1, 13)]


def test_anchors_of_pruned_rows_are_no_findings(
    database: Database, start: datetime, tmp_path: Path
) -> None:
    write_anchor(database, tmp_path / FILE)
    prune_before(database, start + 10 * DAY)
    grow(database, 2)
    write_anchor(database, tmp_path / FILE)
    assert findings(database, tmp_path / FILE) == []


def test_a_pruning_that_is_rolled_back_leaves_everything(
    database: Database, start: datetime
) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        prune(session, start + DAY)
        raise RuntimeError
    assert positions(database) == [*range(1, 13)]
    assert findings(database) == []
