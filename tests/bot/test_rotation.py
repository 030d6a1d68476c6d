"""After a rotation the new secret alone opens, finds and verifies everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot import audit
from bot.audit.verify import verify
from bot.chat.conversations import add_choices, lines_after, open_conversation, post_text
from bot.identity.budgets import subject_of, subjects_of
from bot.identity.details import parse_details
from bot.identity.locks import LOCKED_FOR, is_locked
from bot.identity.matching import match
from bot.messages.outbox import queue_mail
from bot.rotation import rotate
from bot.store import Application, Choice, Database, Inbox, Keys, Lock, Outbound, Person
from bot.store.keys import CannotOpen
from bot.store.moments import read_clock
from tests.conftest import SECRET_KEY
from tests.support.files import Zoe, add_zoe

NEW = "Zw3vY8mKq1TfLr6pXn2cUe9hJd5sBa7gRt4o"


@pytest.fixture
def filled(database: Database) -> str:
    """A person with a file, a conversation, an e-mail, a lock and an audit row, made with the old
    secret; returns the conversation."""
    with database.write() as session:
        person = add_zoe(session)
        conversation = open_conversation(session, "web", "en")
        post_text(session, conversation, "a", "where is my file?")
        add_choices(session, conversation, [{"label": "yes", "intent": "affirm", "entities": {}}])
        queue_mail(session, to="zoe@example.ca", language="fr", template="locked_failures")
        subject = subject_of(session, "00000777")
        until = read_clock(session) + LOCKED_FOR
        session.add(Lock(subject=subject, until=until, reason="failures"))
        audit.record(session, "case.disclosed", person_id=person.id)
    return conversation


@pytest.fixture
def both(database: Database) -> Iterator[Database]:
    """The same database, opened with the new secret and the old one."""
    found = Database(database.url, Keys(NEW, SECRET_KEY))
    yield found
    found.close()


@pytest.fixture
def new(database: Database) -> Iterator[Database]:
    """The same database, opened with the new secret alone."""
    found = Database(database.url, Keys(NEW))
    yield found
    found.close()


def test_the_new_secret_alone_opens_and_finds_everything(
    filled: str, both: Database, new: Database
) -> None:
    assert {"person", "application", "line", "inbox", "choice", "outbound", "participant"} <= set(
        rotate(both)
    )
    with new.read() as session:
        assert session.scalars(select(Person)).one().given_names == "Zoé"
        assert session.scalars(select(Application)).one().number == "F000000777"
        assert [line.body["text"] for line in lines_after(session, filled, 0)]
        assert session.scalars(select(Inbox)).one().text and session.scalars(select(Choice)).one()
        assert session.scalars(select(Outbound)).one().recipient == "zoe@example.ca"
        found = match(session, parse_details(vars(Zoe())))
        assert found.email == "zoe@example.ca"
        assert is_locked(session, subject_of(session, "00000777"))
        assert list(verify(session)) == []


def test_before_the_rotation_both_secrets_serve(filled: str, both: Database) -> None:
    with both.read() as session:
        assert match(session, parse_details(vars(Zoe()))).email == "zoe@example.ca"
        assert is_locked(session, *subjects_of(session, "00000777"))


def test_without_a_rotation_the_new_secret_opens_nothing(filled: str, new: Database) -> None:
    with pytest.raises(CannotOpen), new.read() as session:
        session.scalars(select(Person)).one()


def test_a_rotation_that_was_broken_off_goes_on(filled: str, both: Database, new: Database) -> None:
    class BreakOff(Exception):
        pass

    def stop(table: str, count: int) -> None:
        if table == "person":
            raise BreakOff

    with pytest.raises(BreakOff):
        rotate(both, stop)
    rotate(both)
    with new.read() as session:
        assert match(session, parse_details(vars(Zoe()))).email == "zoe@example.ca"
        assert list(verify(session)) == []


def test_a_second_rotation_changes_nothing(filled: str, both: Database) -> None:
    rotate(both)
    assert set(rotate(both).values()) <= {0}
