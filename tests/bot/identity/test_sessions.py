"""A session is rotated when the person proves who they are, and ends when they stay away."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
import time_machine

from bot.clock import now
from bot.identity.details import DetailsInvalid, parse_details
from bot.identity.sessions import (
    end_sessions,
    find_session,
    open_session,
    touch_session,
    verified_person,
    verify_session,
)
from bot.store import Database, Person, WebSession


@pytest.fixture
def person_id(database: Database) -> int:
    with database.write() as session:
        person = Person(uci="00000101", family_name="A", given_names="B", language="en",
                        as_of=datetime(2026, 1, 1, tzinfo=timezone.utc))  # fmt: skip
        session.add(person)
        session.flush()
        return int(person.id)


def later(**time: float) -> time_machine.travel:
    return time_machine.travel(now() + timedelta(**time), tick=False)


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


def test_proving_who_one_is_replaces_the_token(
    database: Database, conversation: str, person_id: int
) -> None:
    with database.write() as session:
        old = open_session(session, conversation)
    with database.write() as session:
        new = verify_session(session, conversation, person_id)
    with database.read() as session:
        assert find_session(session, old) is None
        found = find_session(session, new)
        assert found is not None and found.person_id == person_id
        assert verified_person(session, conversation) == person_id


def test_a_session_ends_after_thirty_idle_minutes(
    database: Database, conversation: str, person_id: int
) -> None:
    with database.write() as session:
        token = verify_session(session, conversation, person_id)
    with later(minutes=29), database.write() as session:
        assert find_session(session, token) is not None
        touch_session(session, token)
    with later(minutes=58), database.read() as session:
        assert find_session(session, token) is not None
    with later(minutes=60), database.read() as session:
        assert find_session(session, token) is None
        assert verified_person(session, conversation) is None


def test_a_session_ends_after_twelve_hours_however_busy(
    database: Database, conversation: str, person_id: int
) -> None:
    with database.write() as session:
        token = verify_session(session, conversation, person_id)
    for minutes in range(20, 12 * 60, 20):
        with later(minutes=minutes), database.write() as session:
            touch_session(session, token)
    with later(hours=12, seconds=1), database.read() as session:
        assert find_session(session, token) is None


def test_logging_out_ends_it_at_once(database: Database, conversation: str, person_id: int) -> None:
    with database.write() as session:
        token = verify_session(session, conversation, person_id)
    with database.write() as session:
        end_sessions(session, conversation)
    with database.read() as session:
        assert find_session(session, token) is None
        assert verified_person(session, conversation) is None


FORM = {"uci": "0000-0101", "number": "f 000 000 101", "family_name": "Diallo",
        "given_names": "Amara", "birth_date": "1990/2/1", "birth_place": "Conakry"}  # fmt: skip


def test_the_form_is_read_tolerantly() -> None:
    details = parse_details(FORM)
    assert (details.uci, details.number) == ("00000101", "F000000101")
    assert details.birth_date == date(1990, 2, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uci", "123"),
        ("uci", "123456789"),
        ("number", "000000101"),
        ("birth_date", "31/12/1990"),
        ("birth_date", "1990-02-30"),
        ("birth_date", "2190-02-01"),
        ("birth_date", ""),
        ("family_name", "   "),
        ("given_names", "-"),
        ("birth_place", ""),
        ("birth_place", "x" * 121),
    ],
)
def test_a_field_that_cannot_be_right_is_named(field: str, value: str) -> None:
    with pytest.raises(DetailsInvalid) as caught:
        parse_details({**FORM, field: value})
    assert caught.value.errors == {field: f"identity.error.{field}"}
