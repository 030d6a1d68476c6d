"""After a rotation the present key alone verifies the trail; nothing forged becomes genuine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from bot.audit import AuditBroken
from bot.audit.anchor import FILE, write_anchor
from bot.audit.pruning import prune
from bot.audit.rekeying import rekey
from bot.clock import now
from bot.store import Database, Keys
from tests.bot.audit.trails import (
    add,
    change,
    change_head,
    findings,
    grow,
    head,
    kinds,
    put_back,
    remove,
    rows,
)
from tests.conftest import SECRET_KEY

NEW_SECRET = "Zw3vY8mKq1TfLr6pXn2cUe9hJd5sBa7gRt4o"


@pytest.fixture
def both(database: Database) -> Iterator[Database]:
    """The same database with the new secret and the old one, as during a rotation."""
    found = Database(database.url, Keys(NEW_SECRET, SECRET_KEY))
    yield found
    found.close()


@pytest.fixture
def new(database: Database) -> Iterator[Database]:
    """The same database with the new secret alone."""
    found = Database(database.url, Keys(NEW_SECRET))
    yield found
    found.close()


def run(database: Database, anchor: Path | None = None) -> int:
    with database.write() as session:
        return rekey(session, anchor)


def contents(database: Database) -> list[dict[str, object]]:
    return [{**row, "hash": None, "key": None} for row in rows(database)]


def test_the_new_key_alone_verifies_every_row(
    database: Database, both: Database, new: Database
) -> None:
    grow(database, 5)
    grow(both, 2)
    before = contents(database)
    assert run(both) == 7
    assert contents(database)[:-1] == before
    assert (rows(database)[-1]["act"], rows(database)[-1]["detail"]) == (
        "audit.rekeyed",
        {"rows": 7},
    )
    assert findings(new) == []
    grow(new, 1)
    assert findings(new) == []


def test_more_rows_than_a_batch_are_all_made_anew(
    database: Database, both: Database, new: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.audit.stored.BATCH", 4)
    grow(database, 9)
    assert run(both) == 9
    assert findings(new) == []


def test_a_second_time_changes_nothing(database: Database, both: Database) -> None:
    grow(database, 3)
    run(both)
    before = rows(database)
    assert run(both) == 0
    assert rows(database) == before


def test_an_empty_trail_has_nothing_to_make_anew(both: Database, new: Database) -> None:
    assert run(both) == 0
    assert findings(new) == []


@pytest.mark.parametrize("forged", ["altered", "deleted", "added", "head", "beyond"])
def test_what_was_forged_is_not_made_genuine(
    database: Database, both: Database, forged: str
) -> None:
    grow(database, 5)
    if forged == "altered":
        change(database, 3, act="x")
    elif forged == "deleted":
        remove(database, 3)
    elif forged == "added":
        add(database, rows(database)[2], position=0)
    elif forged == "beyond":
        add(database, rows(database)[2], position=6)
    else:
        change_head(database, position=4)
    before, end, found = rows(database), head(database), kinds(database)
    with pytest.raises(AuditBroken):
        run(both)
    assert (rows(database), head(database), kinds(database)) == (before, end, found)


def test_without_the_previous_key_nothing_is_made_anew(database: Database, new: Database) -> None:
    grow(database, 2)
    with pytest.raises(AuditBroken):
        run(new)
    assert findings(database) == []


def test_a_pruned_trail_is_made_anew_too(database: Database, both: Database, new: Database) -> None:
    with time_machine.travel(now() - timedelta(days=900), tick=False):
        grow(database, 3)
    grow(database, 3)
    with database.write() as session:
        assert prune(session, now() - timedelta(days=1)) == 3
    assert run(both) == 4
    assert findings(new) == []
    with new.write() as session:
        assert prune(session, now() + timedelta(days=1)) == 5
    assert findings(new) == []


def test_anchors_from_before_are_no_findings_and_later_ones_count(
    database: Database, both: Database, new: Database, tmp_path: Path
) -> None:
    path = tmp_path / FILE
    grow(database, 3)
    write_anchor(database, path)
    grow(database, 3)
    write_anchor(database, path)
    run(both, path)
    assert findings(both, path) == []
    write_anchor(new, path)
    assert findings(new, path) == []
    entries, end = rows(new), head(new)
    grow(new, 2)
    write_anchor(new, path)
    put_back(new, entries, end)
    assert kinds(new, path) == [("anchor_beyond", 8, 9)]


def test_a_database_that_was_set_back_is_not_made_anew_beside_its_anchor(
    database: Database, both: Database, tmp_path: Path
) -> None:
    path = tmp_path / FILE
    grow(database, 3)
    entries, end = rows(database), head(database)
    grow(database, 3)
    write_anchor(database, path)
    put_back(database, entries, end)
    grow(database, 9)
    with pytest.raises(AuditBroken):
        run(both, path)
    assert rows(database)[0] == entries[0]
