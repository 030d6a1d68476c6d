"""The vault gives back what was typed, once or for a quarter of an hour, and never in clear."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, func, select, type_coerce

from bot.chat.conversations import open_conversation
from bot.store import Database, Kept
from bot.store.moments import read_clock
from bot.vault import KEPT_KINDS, KindNotKept, empty, keep, kept, take
from bot.vault.keeping import LIFETIME


def pass_time(database: Database, **time: float) -> None:
    """As if the rows had been kept that much earlier: the clock is the database's own."""
    with database.write() as session:
        for row in session.scalars(select(Kept)):
            row.expires_at -= timedelta(**time)


def rows(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(Kept)))


def test_what_is_kept_can_be_read_again_and_again(database: Database, conversation: str) -> None:
    with database.write() as session:
        keep(session, conversation, "uci", "00000101")
        keep(session, conversation, "postal_code", "K1A 1L1")
    with database.read() as session:
        for _ in range(2):
            assert kept(session, conversation) == {"uci": "00000101", "postal_code": "K1A 1L1"}


def test_a_newer_value_takes_the_place_of_the_older(database: Database, conversation: str) -> None:
    with database.write() as session:
        keep(session, conversation, "uci", "00000101")
        keep(session, conversation, "phone", "613-555-0123")
        keep(session, conversation, "uci", "00000102")
        assert kept(session, conversation) == {"uci": "00000102", "phone": "613-555-0123"}
    assert rows(database) == 2


def test_taking_removes_it_and_nothing_else(database: Database, conversation: str) -> None:
    with database.write() as session:
        keep(session, conversation, "uci", "00000101")
        keep(session, conversation, "address", "1 Main St")
        assert take(session, conversation, "uci") == "00000101"
        assert take(session, conversation, "uci") is None
        assert kept(session, conversation) == {"address": "1 Main St"}


def test_of_two_who_take_at_once_one_gets_it(database: Database, conversation: str) -> None:
    with database.write() as session:
        keep(session, conversation, "uci", "00000101")
    got: list[str | None] = []

    def work() -> None:
        with database.write() as session:
            got.append(take(session, conversation, "uci"))

    second = threading.Thread(target=work)
    with database.write() as session:
        first = take(session, conversation, "uci")
        second.start()
        time.sleep(0.3)  # the second looks while the first has not committed yet
    second.join()
    assert (first, got) == ("00000101", [None])


def test_after_a_quarter_of_an_hour_it_is_not_given_back(
    database: Database, conversation: str
) -> None:
    with database.write() as session:
        keep(session, conversation, "uci", "00000101")
    pass_time(database, minutes=14, seconds=50)
    with database.read() as session:
        assert kept(session, conversation) == {"uci": "00000101"}
    pass_time(database, seconds=11)
    with database.write() as session:
        assert kept(session, conversation) == {}
        assert take(session, conversation, "uci") is None
    assert rows(database) == 0


def test_the_quarter_of_an_hour_is_the_databases(database: Database, conversation: str) -> None:
    with database.write() as session:
        before = read_clock(session)
        keep(session, conversation, "uci", "00000101")
        expires_at = session.scalar(select(Kept.expires_at))
        assert before + LIFETIME <= expires_at <= read_clock(session) + LIFETIME


def test_emptying_forgets_one_conversation_only(database: Database, conversation: str) -> None:
    with database.write() as session:
        other = open_conversation(session, "web", "fr")
        for here in (conversation, other):
            keep(session, here, "uci", "00000101")
            keep(session, here, "phone", "613-555-0123")
        empty(session, conversation)
        assert kept(session, conversation) == {}
        assert set(kept(session, other)) == {"uci", "phone"}


@pytest.mark.parametrize("kind", ["birth_date", "name", "code", "UCI", ""])
def test_what_no_step_can_use_is_refused(database: Database, conversation: str, kind: str) -> None:
    with database.write() as session, pytest.raises(KindNotKept):
        keep(session, conversation, kind, "x")
    assert rows(database) == 0


def test_every_kind_is_kept_sealed(database: Database, conversation: str) -> None:
    with database.write() as session:
        for kind in KEPT_KINDS:
            keep(session, conversation, kind, "canary-4711")
    with database.read() as session:
        stored = session.scalars(select(type_coerce(Kept.value, LargeBinary))).all()
    assert len(stored) == len(KEPT_KINDS)
    assert all(b"canary" not in value for value in stored)
