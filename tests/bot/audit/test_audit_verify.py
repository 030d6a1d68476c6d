"""Verification finds what was done to the trail, and where; it goes on after each finding."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text

from bot.audit.chain import NEW_HEAD
from bot.audit.claims import beginning
from bot.audit.stored import still
from bot.audit.verify import verify
from bot.store import Database, Keys
from tests.bot.audit.trails import (
    add,
    change,
    change_head,
    findings,
    grow,
    head,
    kinds,
    only_postgres,
    only_sqlite,
    put_back,
    remove,
    remove_head,
    rows,
)
from tests.conftest import SECRET_KEY

ROWS = 9
NEW_SECRET = "Zw3vY8mKq1TfLr6pXn2cUe9hJd5sBa7gRt4o"


@pytest.fixture(autouse=True)
def trail(database: Database) -> None:
    grow(database, ROWS)


def test_an_untouched_trail_has_no_findings(database: Database) -> None:
    assert findings(database) == []


@pytest.mark.parametrize(
    "values",
    [
        {"at": datetime(2026, 1, 1, tzinfo=timezone.utc)},
        {"act": "case.hidden"},
        {"act": "case.disclosed "},
        {"person_id": 8},
        {"person_id": None},
        {"application_id": 99},
        {"conversation_id": "c"},
        {"agent": "somebody"},
        {"detail": {"question": "check_other"}},
        {"detail": {"question": "check_status", "more": 1}},
        {"hash": bytes(32)},
        {"hash": b""},
    ],
)
def test_a_row_altered_in_one_column_is_named_and_no_other(
    database: Database, values: dict[str, Any]
) -> None:
    change(database, 4, **values)
    assert kinds(database) == [("altered", 4, 4)]


def test_a_row_altered_by_a_microsecond_is_found_at_either_end_as_well(
    database: Database,
) -> None:
    for row in (rows(database)[0], rows(database)[-1]):
        change(database, row["position"], at=row["at"] + timedelta(microseconds=1))
    assert kinds(database) == [("altered", 1, 1), ("altered", ROWS, ROWS)]


def test_the_same_detail_in_another_notation_is_found(database: Database) -> None:
    with database.write() as session:
        session.execute(
            text("UPDATE audit_entry SET detail = :detail WHERE position = 4"),
            {"detail": json.dumps({"question": "check_status"}, indent=1)},
        )
    assert kinds(database) == [("altered", 4, 4)]


def test_after_a_row_altered_with_its_hash_the_next_one_cannot_be_proved(
    database: Database,
) -> None:
    change(database, 4, act="x", hash=bytes(32))
    assert kinds(database) == [("altered", 4, 4), ("unproven", 5, 5)]


def test_several_alterations_are_all_found(database: Database) -> None:
    change(database, 2, act="x")
    change(database, 3, act="x")
    change(database, 6, hash=bytes(32))
    remove(database, 8)
    assert kinds(database) == [
        ("altered", 2, 2),
        ("unproven", 3, 3),
        ("altered", 6, 6),
        ("missing", 8, 8),
        ("unproven", 9, 9),
    ]


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ((1,), [("missing_first", 1, 1), ("unproven", 2, 2)]),
        ((1, 2, 3), [("missing_first", 1, 3), ("unproven", 4, 4)]),
        ((4,), [("missing", 4, 4), ("unproven", 5, 5)]),
        ((4, 5, 6), [("missing", 4, 6), ("unproven", 7, 7)]),
        ((9,), [("cut", 9, 9)]),
        ((7, 8, 9), [("cut", 7, 9)]),
        (tuple(range(1, 10)), [("emptied", 1, 9)]),
    ],
)
def test_deleted_rows_are_named(
    database: Database, gone: tuple[int, ...], expected: list[tuple[str, int, int]]
) -> None:
    remove(database, *gone)
    assert kinds(database) == expected


def test_rows_where_the_chain_has_no_place_are_named(database: Database) -> None:
    row = rows(database)[4]
    add(database, row, position=0)
    add(database, row, position=-3)
    add(database, row, position=10)
    add(database, row, position=10**15)
    assert kinds(database) == [
        ("inserted", -3, -3),
        ("inserted", 0, 0),
        ("beyond", 10, 10),
        ("beyond", 10**15, 10**15),
    ]


@pytest.mark.parametrize("first", ["the true one", "the forged one"])
def test_of_a_position_taken_twice_the_forged_row_breaks_nothing_more(
    database: Database, first: str
) -> None:
    """Whoever owns the database can also take its keys off."""
    true = rows(database)[3]
    forged = {**true, "act": "case.hidden", "hash": b"f" * 32}
    _without_keys(database)
    remove(database, 4)
    for row in (true, forged) if first == "the true one" else (forged, true):
        add(database, row)
    found = kinds(database)
    assert {(first, last) for _, first, last in found} == {(4, 4)}
    assert "inserted" in {kind for kind, _, _ in found}


def _without_keys(database: Database) -> None:
    with database.write() as session:
        if database.is_sqlite:
            session.execute(text("CREATE TABLE loose AS SELECT * FROM audit_entry"))
            session.execute(text("DROP TABLE audit_entry"))
            session.execute(text("ALTER TABLE loose RENAME TO audit_entry"))
        else:
            session.execute(text("ALTER TABLE audit_entry DROP CONSTRAINT pk_audit_entry"))


def test_two_rows_that_changed_places_are_both_named(database: Database) -> None:
    third, seventh = rows(database)[2], rows(database)[6]
    remove(database, 3, 7)
    add(database, third, position=7)
    add(database, seventh, position=3)
    assert kinds(database) == [
        ("altered", 3, 3),
        ("unproven", 4, 4),
        ("altered", 7, 7),
        ("unproven", 8, 8),
    ]


def test_a_gap_that_is_closed_by_moving_up_is_found(database: Database) -> None:
    remove(database, 4)
    for position in range(5, ROWS + 1):
        change(database, position, position=position - 1)
    assert kinds(database) == [("altered", 4, 4), ("unproven", 5, 8), ("cut", 9, 9)]


def test_a_chain_rewritten_with_another_key_is_found(database: Database) -> None:
    remove(database, *range(1, ROWS + 1))
    change_head(database, **NEW_HEAD._asdict())
    attacker = Database(database.url, Keys("the secret of somebody else"))
    grow(attacker, ROWS)
    attacker.close()
    assert kinds(database) == [("unknown_key", 1, 9), ("head_key", 9, 9)]
    for position in range(1, ROWS + 1):
        change(database, position, key=database.keys.id)
    change_head(database, key=database.keys.id)
    assert kinds(database) == [("altered", 1, 1), ("unproven", 2, 9), ("head_altered", 9, 9)]


@pytest.mark.parametrize(
    ("values", "kind", "at"),
    [
        ({"position": 4}, "head_altered", 4),
        ({"position": 12}, "head_altered", 12),
        ({"hash": b"x" * 32}, "head_altered", 9),
        ({"seal": b"x" * 32}, "head_altered", 9),
        ({"key": b"none"}, "head_key", 9),
        ({"id": 2}, "head_missing", 9),
    ],
)
def test_an_altered_head_is_named(
    database: Database, values: dict[str, Any], kind: str, at: int
) -> None:
    change_head(database, **values)
    assert kinds(database) == [(kind, at, at)]


def test_a_missing_head_is_named(database: Database) -> None:
    remove_head(database)
    assert kinds(database) == [("head_missing", 9, 9)]


def test_a_tail_cut_with_a_made_up_head_is_found(database: Database) -> None:
    fifth = rows(database)[4]
    remove(database, 6, 7, 8, 9)
    change_head(database, position=5, hash=fifth["hash"])
    assert kinds(database) == [("head_altered", 5, 5)]


def test_a_genuine_older_head_does_not_hide_the_rows_after_it(database: Database) -> None:
    older = head(database)
    grow(database, 3)
    change_head(database, **older)
    assert kinds(database) == [("beyond", 10, 12)]


def test_a_genuine_head_of_another_copy_is_named(database: Database) -> None:
    before, end = rows(database), head(database)
    grow(database, 1)
    other = head(database)
    put_back(database, before, end)
    grow(database, 1)
    change_head(database, **other)
    assert kinds(database) == [("head_differs", 10, 10)]


def test_a_head_as_of_the_first_day_does_not_hide_rows(database: Database) -> None:
    change_head(database, **NEW_HEAD._asdict())
    assert kinds(database) == [("beyond", 1, 9)]


def test_a_key_that_is_not_configured_is_told_from_tampering(database: Database) -> None:
    both = Database(database.url, Keys(NEW_SECRET, SECRET_KEY))
    grow(both, 3)
    assert findings(both) == []
    new = Database(database.url, Keys(NEW_SECRET))
    assert kinds(new) == [("unknown_key", 1, 9)]
    assert kinds(database) == [("unknown_key", 10, 12), ("head_key", 12, 12)]
    change(database, 11, act="x")
    assert kinds(new) == [("unknown_key", 1, 9), ("altered", 11, 11)]
    both.close()
    new.close()


@only_sqlite
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'yesterday'"),
        ("at", "NULL"),
        ("act", "CAST(x'ff00fe' AS TEXT)"),
        ("act", "CAST(act AS BLOB)"),
        ("person_id", "'seven'"),
        ("detail", "'{'"),
        ("detail", "x'00'"),
        ("key", "'text'"),
        ("key", "999999999999"),
        ("hash", "'text'"),
        ("hash", "999999999999"),
    ],
)
def test_a_value_that_no_row_can_have_hides_no_other_row(
    database: Database, column: str, value: str
) -> None:
    with database.write() as session:
        session.execute(text("PRAGMA writable_schema=ON"))
        session.execute(
            text(
                "UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '')"
                " WHERE name = 'audit_entry'"
            )
        )
    database.close()  # so that the next connection reads the schema anew
    with database.write() as session:
        session.execute(text(f"UPDATE audit_entry SET {column} = {value} WHERE position = 4"))
    change(database, 7, act="x")
    found = kinds(database)
    assert found[0][0] in ("altered", "unknown_key") and found[0][1:] == (4, 4)
    assert found[1:] == [("altered", 7, 7)]


@only_postgres
@pytest.mark.parametrize(
    "moment", ["infinity", "-infinity", "20260-01-01 00:00:00", "2026-01-01 00:00:00 BC"]
)
def test_a_moment_that_python_does_not_know_hides_no_other_row(
    database: Database, moment: str
) -> None:
    with database.write() as session:
        session.execute(text(f"UPDATE audit_entry SET at = '{moment}' WHERE position = 4"))
    change(database, 7, act="x")
    assert kinds(database) == [("altered", 4, 4), ("altered", 7, 7)]


@only_postgres
def test_our_era_matters(database: Database) -> None:
    with database.write() as session:
        session.execute(
            text(
                "UPDATE audit_entry SET at = (to_char(at, 'YYYY-MM-DD HH24:MI:SS.US')"
                " || ' BC')::timestamp WHERE position = 4"
            )
        )
    assert kinds(database) == [("altered", 4, 4)]


def test_what_others_write_meanwhile_is_no_finding(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(session: Any) -> Any:
        """Between the look at the head and the one at the rows."""
        grow(database, 2)
        return beginning(session)

    monkeypatch.setattr("bot.audit.verify.beginning", look)
    with still(database.engine, database.keys) as session:
        walk = verify(session, moved=lambda _read, _of: grow(database, 2))
        assert list(walk) == []
    monkeypatch.undo()
    assert findings(database) == []
    assert len(rows(database)) == ROWS + 4


def test_rows_are_read_in_batches_and_how_far_it_is_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.audit.stored.BATCH", 4)
    told: list[tuple[int, int]] = []
    cursors: list[int] = []

    def moved(read: int, of: int) -> None:
        told.append((read, of))
        if not database.is_sqlite:
            cursors.append(session.scalar(text("SELECT count(*) FROM pg_cursors")))

    with still(database.engine, database.keys) as session:
        assert list(verify(session, moved=moved)) == []
    assert told == [(4, ROWS), (8, ROWS), (ROWS, ROWS)]
    assert database.is_sqlite or 1 in cursors, "the server keeps what was not asked for yet"
