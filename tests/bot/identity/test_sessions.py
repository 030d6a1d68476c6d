"""A session is rotated when the person proves who they are, and ends when they stay away."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.identity.sessions import (
    ABSOLUTE,
    IDLE,
    TOUCH_EVERY,
    end_session,
    end_sessions,
    end_sessions_of,
    find_session,
    find_sessions,
    needs_touch,
    open_session,
    seconds_left,
    sessions_of,
    touch_session,
    verified_person,
    verify_session,
)
from bot.store import Conversation, Database, WebSession
from tests.bot.identity.people import add_client


def later(**time: float) -> time_machine.travel:
    return time_machine.travel(now() + timedelta(**time), tick=False)


def sign_in(database: Database, person_id: int, conversation: str | None = None) -> str:
    """A verified session, in a conversation of its own unless one is given; its token."""
    with database.write() as session:
        here = conversation or open_conversation(session, "web", "en")
        return verify_session(session, here, person_id)


def is_live(database: Database, token: str) -> bool:
    with database.read() as session:
        return find_session(session, token) is not None


@pytest.fixture
def stranger_id(database: Database) -> int:
    with database.write() as session:
        return int(add_client(session, 102)[0].id)


def test_a_session_is_found_by_its_token_only(database: Database, conversation: str) -> None:
    with database.write() as session:
        token = open_session(session, conversation)
    with database.read() as session:
        found = find_session(session, token)
        assert found is not None
        assert (found.conversation_id, found.person_id) == (conversation, None)
        assert find_session(session, token + "x") is None
        stored = session.query(WebSession).one()
        assert token.encode() not in stored.token_hash
        assert token not in stored.public_id


def test_proving_who_one_is_replaces_the_token(
    database: Database, conversation: str, person_id: int
) -> None:
    with database.write() as session:
        planted = [open_session(session, conversation) for _ in range(2)]
    new = sign_in(database, person_id, conversation)
    assert not any(is_live(database, token) for token in planted)
    with database.read() as session:
        found = find_session(session, new)
        assert found is not None and found.person_id == person_id
        assert verified_person(session, conversation) == person_id
        assert session.scalar(select(Conversation.person_id)) == person_id
        assert session.get(WebSession, session.query(WebSession).filter_by(
            ended_at=None).one().token_hash).verified_at is not None  # fmt: skip


def test_an_open_session_is_nobody_s(database: Database, conversation: str) -> None:
    with database.write() as session:
        open_session(session, conversation)
        assert verified_person(session, conversation) is None


def test_the_sessions_of_many_streams_are_found_at_once(database: Database, person_id: int) -> None:
    tokens = [sign_in(database, person_id) for _ in range(3)]
    with database.write() as session:
        end_sessions(session, find_session(session, tokens[0]).conversation_id)
    with database.read() as session:
        found = find_sessions(session, [*tokens, "unknown"])
    assert set(found) == set(tokens[1:])
    assert {view.person_id for view in found.values()} == {person_id}


def test_a_session_ends_after_thirty_idle_minutes(
    database: Database, conversation: str, person_id: int
) -> None:
    token = sign_in(database, person_id, conversation)
    with later(minutes=29), database.write() as session:
        assert find_session(session, token) is not None
        touch_session(session, token)
    with later(minutes=58):
        assert is_live(database, token)
    with later(minutes=60), database.read() as session:
        assert find_session(session, token) is None
        assert find_sessions(session, [token]) == {}
        assert verified_person(session, conversation) is None
        assert sessions_of(session, person_id) == []
        assert seconds_left(session, token) == 0


def test_a_session_ends_after_twelve_hours_however_busy(
    database: Database, conversation: str, person_id: int
) -> None:
    token = sign_in(database, person_id, conversation)
    for minutes in range(20, 12 * 60, 20):
        with later(minutes=minutes), database.write() as session:
            assert find_session(session, token) is not None
            touch_session(session, token)
    with later(hours=12, seconds=1), database.read() as session:
        assert find_session(session, token) is None


def test_one_is_told_how_long_a_session_lives(
    database: Database, conversation: str, person_id: int
) -> None:
    token = sign_in(database, person_id, conversation)
    with database.read() as session:
        assert IDLE.seconds - 5 <= seconds_left(session, token) <= IDLE.seconds
        assert seconds_left(session, "unknown") == 0
    for hours in range(12):
        with later(hours=hours, minutes=29 * (hours == 11)), database.write() as session:
            session.query(WebSession).update({"seen_at": now()})
    with later(hours=11, minutes=50), database.write() as session:
        touch_session(session, token)
        left = timedelta(seconds=seconds_left(session, token))
    assert timedelta(minutes=9) < left <= timedelta(minutes=10), f"the end of {ABSOLUTE}"


def test_a_session_is_touched_at_most_once_a_minute(
    database: Database, conversation: str, person_id: int
) -> None:
    token = sign_in(database, person_id, conversation)
    with database.read() as session:
        assert not needs_touch(session, token)
        assert not needs_touch(session, "unknown")
    with later(seconds=TOUCH_EVERY.seconds + 1), database.write() as session:
        assert needs_touch(session, token)
        touch_session(session, token)
        assert not needs_touch(session, token)


def test_logging_out_ends_it_at_once(database: Database, conversation: str, person_id: int) -> None:
    token = sign_in(database, person_id, conversation)
    with database.write() as session:
        end_sessions(session, conversation)
    with database.read() as session:
        assert find_session(session, token) is None
        assert verified_person(session, conversation) is None


def test_logging_out_here_leaves_the_session_elsewhere(
    database: Database, conversation: str, person_id: int
) -> None:
    elsewhere = sign_in(database, person_id)
    sign_in(database, person_id, conversation)
    with database.write() as session:
        end_sessions(session, conversation)
    assert is_live(database, elsewhere)


def test_one_sees_one_s_own_sessions_the_last_used_first(
    database: Database, person_id: int, stranger_id: int
) -> None:
    first, second = sign_in(database, person_id), sign_in(database, person_id)
    sign_in(database, stranger_id)
    with later(minutes=5), database.write() as session:
        touch_session(session, first)
    with database.read() as session:
        entries = sessions_of(session, person_id)
        expected = [find_session(session, token).conversation_id for token in (first, second)]
    assert [entry.conversation_id for entry in entries] == expected
    assert entries[0].seen_at - entries[0].opened_at >= timedelta(minutes=4)
    shown = {entry.public_id for entry in entries}
    assert len(shown) == 2
    assert not shown & {first, second}, "the list gives no token away"


def test_one_ends_one_of_one_s_sessions_and_once(database: Database, person_id: int) -> None:
    mine, kept = sign_in(database, person_id), sign_in(database, person_id)
    with database.write() as session:
        ended = find_session(session, mine).conversation_id
        entry = next(e for e in sessions_of(session, person_id) if e.conversation_id == ended)
        assert end_session(session, person_id, entry.public_id)
        assert not end_session(session, person_id, entry.public_id)
    assert not is_live(database, mine)
    assert is_live(database, kept)


def test_nobody_ends_the_session_of_another_person(
    database: Database, person_id: int, stranger_id: int
) -> None:
    token = sign_in(database, person_id)
    with database.write() as session:
        (entry,) = sessions_of(session, person_id)
        assert not end_session(session, stranger_id, entry.public_id)
        assert not end_session(session, person_id, "unknown")
        end_sessions_of(session, stranger_id)
    assert is_live(database, token)


def test_all_sessions_of_a_person_end_together(
    database: Database, person_id: int, stranger_id: int
) -> None:
    mine = [sign_in(database, person_id) for _ in range(3)]
    theirs = sign_in(database, stranger_id)
    with database.write() as session:
        end_sessions_of(session, person_id)
    assert not any(is_live(database, token) for token in mine)
    assert is_live(database, theirs)
