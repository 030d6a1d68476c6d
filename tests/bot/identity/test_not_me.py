""" "This was not me" ends everything that was begun in the person's name, once, within a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.audit.chain import START
from bot.chat.conversations import open_conversation
from bot.identity.budgets import subject_of
from bot.identity.codes import NewCode, make_code, try_code
from bot.identity.locks import is_locked
from bot.identity.not_me import refuse_sign_in
from bot.identity.sessions import sessions_of, verify_session
from bot.store import AuditEntry, Challenge, Database, Lock, Outbound
from tests.bot.identity.people import add_client, client_form, enter, newest_mail, not_me_in, send

DAY = timedelta(hours=24)


@pytest.fixture
def code(database: Database, person_id: int, conversation: str) -> NewCode:
    """A code that somebody asked for with Zoé's details."""
    with database.write() as session:
        subject = subject_of(session, "00000101")
        return make_code(session, conversation, subject=subject, person_id=person_id)


def refuse(database: Database, token: str) -> None:
    with database.write() as session:
        refuse_sign_in(session, token)


def locked(database: Database, uci: str = "00000101") -> bool:
    with database.read() as session:
        return is_locked(session, subject_of(session, uci))


def move_lock(database: Database, time: timedelta) -> None:
    with database.write() as session:
        row = session.scalars(select(Lock)).one()
        row.until = row.until + time


def trace(database: Database) -> tuple[object, ...]:
    """Everything that a press of the button may change."""
    with database.read() as session:
        challenges = session.execute(
            select(Challenge.cancelled, Challenge.not_me, Challenge.tries)
        ).all()
        return (
            challenges,
            session.execute(select(Lock.subject, Lock.until)).all(),
            session.scalars(select(Outbound.reference)).all(),
            session.scalars(select(AuditEntry.act)).all(),
        )


def test_the_code_is_void(
    database: Database, person_id: int, conversation: str, code: NewCode
) -> None:
    refuse(database, code.not_me)
    move_lock(database, -2 * DAY)  # void by itself, not only while locked
    assert not locked(database)
    with database.write() as session:
        assert try_code(session, conversation, code.digits).person_id is None


def test_every_session_of_the_person_ends_and_nobody_else_s(
    database: Database, person_id: int, code: NewCode
) -> None:
    with database.write() as session:
        other = add_client(session, 102)[0].id
        for person in (person_id, person_id, other):
            verify_session(session, open_conversation(session, "web", "en"), person)
    refuse(database, code.not_me)
    with database.read() as session:
        assert sessions_of(session, person_id) == []
        assert len(sessions_of(session, other)) == 1


def test_it_also_ends_the_session_that_the_code_opened(
    database: Database, person_id: int, conversation: str, code: NewCode
) -> None:
    """A thief who was quicker is put out."""
    assert enter(database, conversation, code.digits)[1]
    refuse(database, code.not_me)
    with database.read() as session:
        assert sessions_of(session, person_id) == []
    assert locked(database)


def test_sign_in_is_closed_for_a_day_and_the_person_is_told(
    database: Database, person_id: int, conversation: str, code: NewCode
) -> None:
    refuse(database, code.not_me)
    assert locked(database)
    notice = newest_mail(database)
    assert (notice.recipient, notice.language) == ("p101@example.ca", "fr")
    with database.read() as session:
        assert session.scalar(select(Lock.reason)) == "not_me"
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.person_id) == ("identity.locked", person_id)
    assert entry.detail == {"reason": "not_me"}
    assert entry.hash != START


def test_other_codes_of_the_person_do_not_work_either(
    database: Database, person_id: int, conversation: str, code: NewCode
) -> None:
    with database.write() as session:
        elsewhere = open_conversation(session, "web", "en")
    other = send(database, elsewhere, client_form(101))
    refuse(database, code.not_me)
    assert enter(database, elsewhere, other)[0].person_id is None


def test_the_address_in_the_e_mail_is_the_one_that_works(
    database: Database, person_id: int, conversation: str
) -> None:
    send(database, conversation, client_form(101))
    refuse(database, not_me_in(newest_mail(database)))
    assert locked(database)


def test_a_second_press_changes_nothing(database: Database, code: NewCode) -> None:
    refuse(database, code.not_me)
    move_lock(database, -DAY / 2)
    before = trace(database)
    refuse(database, code.not_me)
    assert trace(database) == before, "it must not lengthen the lock"


@pytest.mark.parametrize("token", ["", "unknown", "x" * 10_000])
def test_an_unknown_address_changes_nothing(database: Database, code: NewCode, token: str) -> None:
    before = trace(database)
    refuse(database, token)
    assert trace(database) == before
    assert not locked(database)


@pytest.mark.parametrize(("age", "works"), [(DAY - timedelta(minutes=1), True), (DAY, False)])
def test_the_address_is_good_for_a_day_by_the_database_s_clock(
    database: Database, code: NewCode, age: timedelta, works: bool
) -> None:
    with database.write() as session:
        made = session.scalar(select(Challenge.created_at))
        session.execute(update(Challenge).values(created_at=made - age))
    before = trace(database)
    refuse(database, code.not_me)
    assert (trace(database) != before) is works
    assert locked(database) is works


def test_a_decoy_s_address_locks_what_was_typed_and_tells_nobody(
    database: Database, conversation: str
) -> None:
    """Nobody ever gets that address; whatever happened, it is the same work."""
    send(database, conversation, client_form(999))
    refuse(database, not_me_in(newest_mail(database)))
    assert locked(database, "00000999")
    assert newest_mail(database).recipient == ""
