"""Who leaves by a message is nobody at once, and may still read the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from bot.clock import now
from bot.identity.leaving import ONE_LINE, leave
from bot.identity.sessions import (
    find_session,
    sessions_of,
    touch_session,
    verified_person,
    verify_session,
)
from bot.store import Database


@pytest.fixture
def token(database: Database, conversation: str, person_id: int) -> str:
    with database.write() as session:
        return verify_session(session, conversation, person_id)


def test_the_session_is_nobody_s_at_once_and_lives_to_read_the_answer(
    database: Database, conversation: str, person_id: int, token: str
) -> None:
    with database.write() as session:
        leave(session, conversation)
    with database.read() as session:
        found = find_session(session, token)
        assert found is not None
        assert (found.conversation_id, found.person_id) == (conversation, None)
        assert verified_person(session, conversation) is None
        assert sessions_of(session, person_id) == []


def test_it_ends_soon_whatever_is_done_with_it(
    database: Database, conversation: str, token: str
) -> None:
    with database.write() as session:
        leave(session, conversation)
    with time_machine.travel(now() + ONE_LINE / 2, tick=False), database.write() as session:
        assert find_session(session, token) is not None
        touch_session(session, token)
        leave(session, conversation)
    with time_machine.travel(now() + ONE_LINE, tick=False), database.read() as session:
        assert find_session(session, token) is None


def test_a_session_elsewhere_goes_on(database: Database, conversation: str, person_id: int) -> None:
    from bot.chat.conversations import open_conversation

    with database.write() as session:
        elsewhere = open_conversation(session, "web", "en")
        other = verify_session(session, elsewhere, person_id)
        leave(session, conversation, timedelta(0))
    with database.read() as session:
        assert verified_person(session, elsewhere) == person_id
        assert find_session(session, other) is not None
