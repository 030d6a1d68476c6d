"""Every row follows on the one before it; where that cannot be, nothing is shown at all."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.audit import AuditBroken, record
from bot.audit.chain import START
from bot.chat.conversations import add_line, lines_after
from bot.store import Database, Keys
from tests.bot.audit.trails import (
    change_head,
    findings,
    grow,
    head,
    kinds,
    only_sqlite,
    positions,
    remove,
    remove_head,
    rows,
)

OTHER_SECRET = "Zw3vY8mKq1TfLr6pXn2cUe9hJd5sBa7gRt4o"


def disclose(database: Database, conversation: str) -> None:
    """A line with something from a file, and its audit row, in one transaction."""
    with database.write() as session:
        add_line(session, conversation, "bot", {"text": "Your file is in process."})
        record(session, "case.disclosed", conversation_id=conversation)


def shown(database: Database, conversation: str) -> int:
    with database.read() as session:
        return len(lines_after(session, conversation, 0))


def test_the_first_row_of_an_empty_trail_has_position_1(database: Database) -> None:
    assert findings(database) == []
    grow(database, 1)
    assert positions(database) == [1]
    assert head(database)["hash"] == rows(database)[0]["hash"] != START
    assert findings(database) == []


def test_rows_written_by_many_at_once_have_consecutive_positions(database: Database) -> None:
    errors: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(10):
                grow(database, 2)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert positions(database) == list(range(1, 121))
    assert findings(database) == []


def test_a_transaction_that_is_rolled_back_leaves_no_gap(database: Database) -> None:
    grow(database, 2)
    with pytest.raises(RuntimeError), database.write() as session:
        record(session, "case.disclosed")
        raise RuntimeError
    grow(database, 1)
    assert positions(database) == [1, 2, 3]
    assert findings(database) == []


def test_any_detail_verifies_as_it_was_written(database: Database) -> None:
    with database.write() as session:
        record(session, "x", act="é\ud800\n", session={"10": [1.5, None], "9": True}, n=2**70)
    assert findings(database) == []


def test_without_its_head_the_trail_takes_nothing_and_nothing_is_shown(
    database: Database, conversation: str
) -> None:
    grow(database, 3)
    remove_head(database)
    before = shown(database, conversation)
    with pytest.raises(AuditBroken):
        disclose(database, conversation)
    assert shown(database, conversation) == before
    assert positions(database) == [1, 2, 3]


@pytest.mark.parametrize("column", ["position", "hash", "key", "seal"])
def test_an_altered_head_is_not_sealed_anew_by_the_next_row(
    database: Database, conversation: str, column: str
) -> None:
    grow(database, 5)
    forged = {"position": 3, "hash": rows(database)[2]["hash"], "key": b"none", "seal": bytes(32)}
    remove(database, 4, 5)
    change_head(database, **{column: forged[column]})
    with pytest.raises(AuditBroken):
        disclose(database, conversation)
    assert shown(database, conversation) == 0
    assert findings(database) != []


def test_a_head_before_the_beginning_is_refused_too(database: Database) -> None:
    grow(database, 1)
    change_head(database, position=-1)
    with pytest.raises(AuditBroken):
        grow(database, 1)
    assert kinds(database) == [("head_altered", -1, -1)]


@only_sqlite
@pytest.mark.parametrize("column", ["position", "hash", "key", "seal"])
def test_a_head_of_other_types_is_refused_too(database: Database, column: str) -> None:
    grow(database, 1)
    with database.write() as session:
        session.execute(text(f"UPDATE audit_head SET {column} = 'text'"))
    with pytest.raises(AuditBroken):
        grow(database, 1)
    assert kinds(database)[-1][0] == ("head_key" if column == "key" else "head_altered")


def test_a_trail_that_cannot_be_written_shows_nothing(
    database: Database, conversation: str
) -> None:
    refuse = (
        "CREATE TRIGGER refuse BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'no'); END"
        if database.is_sqlite
        else "CREATE RULE refuse AS ON INSERT TO audit_entry DO INSTEAD SELECT 1/0"
    )
    with database.write() as session:
        session.execute(text(refuse))
    with pytest.raises(DBAPIError):
        disclose(database, conversation)
    assert shown(database, conversation) == 0
    assert head(database)["position"] == 0


def test_with_another_secret_nothing_is_added(database: Database) -> None:
    grow(database, 1)
    other = Database(database.url, Keys(OTHER_SECRET))
    with pytest.raises(AuditBroken):
        grow(other, 1)
    assert kinds(other) == [("unknown_key", 1, 1), ("head_key", 1, 1)]
    other.close()
