"""Whoever wants their data deleted gets all that is ours deleted, and the answer to read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.chat.conversations import (
    add_choices,
    add_line,
    lines_after,
    open_conversation,
    post_choice,
    post_text,
)
from bot.clock import now
from bot.identity.codes import make_code, try_code
from bot.identity.leaving import ONE_LINE, leave
from bot.identity.not_me import refuse_sign_in
from bot.identity.sessions import (
    ABSOLUTE,
    find_session,
    open_session,
    seconds_left,
    touch_session,
    verified_person,
    verify_session,
)
from bot.retention.own_data import KEPT, OnHold, delete_own_data
from bot.store import (
    AuditEntry,
    Challenge,
    Conversation,
    Database,
    DemoMail,
    Inbox,
    Kept,
    Line,
    Lock,
    Outbound,
    Person,
    Profile,
    TrackerEvent,
    WebSession,
)
from bot.texts import say
from tests.bot.retention.leftovers import add_applicant, add_mail, add_talk, gone, later, snapshot

CANARY = "canary-0815"


@pytest.fixture
def person(database: Database) -> Person:
    """Somebody with this conversation and an older one, who got two e-mails."""
    with database.write() as session:
        person = add_applicant(session)
        add_talk(session, person, CANARY)
        add_mail(session, person)
        return person


@pytest.fixture
def here(database: Database, person: Person) -> str:
    with database.write() as session:
        return add_talk(session, person, CANARY)


def count(session: Any, table: Any, *conditions: Any) -> int:
    return int(session.scalar(select(func.count()).select_from(table).where(*conditions)))


def press_yes(session: Any, here: str) -> None:
    """The message that is being answered, and one that has come in since."""
    choice = {"label": say("en", "privacy.yes"), "intent": "ask_privacy",
              "entities": {"wish": "delete_yes"}}  # fmt: skip
    (shown,) = add_choices(session, here, [choice])
    post_choice(session, here, "the-yes", shown["id"])
    session.flush()
    session.execute(Inbox.__table__.update().values(state="done"))
    post_text(session, here, "the-next", "and now?")


def test_without_a_sign_in_this_conversation_goes_and_no_other(
    database: Database, person: Person
) -> None:
    with database.write() as session:
        here = add_talk(session, None, CANARY)
        add_mail(session, None)
    before = snapshot(database)
    with database.write() as session:
        found = delete_own_data(session, here, None)
    assert found.kept == KEPT
    # The one message there was answered: it stays as the place of the answer, without its words.
    wanted = dict.fromkeys(("line", "choice", "tracker_event", "misheard", "kept"), 1)
    assert gone(before, snapshot(database)) == wanted
    with database.read() as session:
        assert count(session, Conversation, Conversation.person_id == person.id) == 1
        bodies = session.scalars(select(Line.body).where(Line.conversation_id == here)).all()
        assert CANARY not in str(bodies)
        inbox = session.scalars(select(Inbox).where(Inbox.conversation_id == here)).one()
        assert (inbox.text, inbox.payload) == ("", None)


def test_with_a_sign_in_all_that_is_the_persons_goes_and_nobody_elses(
    database: Database, person: Person, here: str
) -> None:
    with database.write() as session:
        other = add_applicant(session)
        theirs = add_talk(session, other, CANARY)
        add_mail(session, other)
        nobodys = add_talk(session, None, CANARY)
        press_yes(session, here)
    with database.write() as session:
        counts = delete_own_data(session, here, person.id).counts
    assert counts["conversation"] == counts["profile"] == counts["outbound"] == 1
    assert counts["demo_mail"] == 1
    with database.read() as session:
        assert set(session.scalars(select(Conversation.id))) == {here, theirs, nobodys}
        assert session.scalars(select(Profile.person_id)).all() == [other.id]
        assert session.scalars(select(Outbound.person_id)).all() == [other.id]
        assert count(session, DemoMail) == 1
        assert count(session, WebSession, WebSession.person_id == person.id) == 0
        assert count(session, TrackerEvent, TrackerEvent.conversation_id == here) == 0
        assert count(session, Kept, Kept.conversation_id == here) == 0
        assert session.get(Person, person.id).details == person.details
        left = session.get(Conversation, here)
        assert (left.person_id, left.last_event) == (None, 0)


def test_the_message_that_is_answered_and_those_after_it_stay_in_place(
    database: Database, person: Person, here: str
) -> None:
    with database.write() as session:
        press_yes(session, here)
    with database.write() as session:
        last = session.get(Conversation, here).last_line
        delete_own_data(session, here, person.id)
        assert add_line(session, here, "bot", {"text": "deleted"}) == last + 1
    with database.read() as session:
        lines = lines_after(session, here, 0)
        states = session.execute(
            select(Inbox.client_id, Inbox.text, Inbox.state)
            .where(Inbox.conversation_id == here)
            .order_by(Inbox.id)
        ).all()
    said = [(line.client_id, line.body["text"]) for line in lines]
    assert said == [
        ("the-yes", say("en", "privacy.yes")), ("the-next", "and now?"), (None, "deleted"),
    ]  # fmt: skip
    assert [tuple(row) for row in states] == [
        ("the-yes", "", "done"),
        ("the-next", "and now?", "new"),
    ]


def test_a_message_that_is_sent_once_more_is_still_known(
    database: Database, person: Person, here: str
) -> None:
    with database.write() as session:
        press_yes(session, here)
        delete_own_data(session, here, person.id)
        assert not post_choice(session, here, "the-yes", "whatever")


def test_typed_words_do_not_stay_either(database: Database, person: Person, here: str) -> None:
    with database.write() as session:
        post_text(session, here, "typed-yes", f"yes, I am {CANARY}")
        session.execute(Inbox.__table__.update().values(state="done"))
        delete_own_data(session, here, person.id)
        (line,) = lines_after(session, here, 0)
    assert line.body == {"text": say("en", "privacy.yes")}


def test_every_session_is_signed_out_at_once(database: Database, person: Person, here: str) -> None:
    with database.write() as session:
        token = verify_session(session, here, person.id)
        elsewhere = open_conversation(session, "web", "en")
        far = verify_session(session, elsewhere, person.id)
        delete_own_data(session, here, person.id)
    with database.read() as session:
        assert find_session(session, far) is None
        view = find_session(session, token)
        assert view is not None and view.person_id is None
        assert verified_person(session, here) is None


def test_no_session_is_left_where_somebody_else_signed_in_since(
    database: Database, person: Person, here: str
) -> None:
    with database.write() as session:
        shared = open_conversation(session, "web", "en")
        verify_session(session, shared, person.id)
        other = add_applicant(session)
        token = verify_session(session, shared, other.id)
        delete_own_data(session, here, person.id)
    with database.read() as session:
        left = session.scalars(
            select(WebSession.person_id).where(WebSession.conversation_id == shared)
        ).all()
        assert left == [other.id]
        assert find_session(session, token) is not None


def test_a_warning_on_its_way_is_not_stopped(database: Database, person: Person, here: str) -> None:
    with database.write() as session:
        add_mail(session, person, state="queued")
        delete_own_data(session, here, person.id)
    with database.read() as session:
        assert session.scalars(select(Outbound.state)).all() == ["queued"]


def test_codes_are_void_but_this_was_not_me_still_locks(
    database: Database, person: Person, here: str
) -> None:
    with database.write() as session:
        elsewhere = open_conversation(session, "web", "en")
        code = make_code(session, elsewhere, subject=b"q" * 16, person_id=person.id)
        session.get(Conversation, elsewhere).person_id = person.id
        delete_own_data(session, here, person.id)
    with database.write() as session:
        assert session.scalars(select(Challenge.conversation_id).distinct()).all() == [here]
        assert try_code(session, here, code.digits).person_id is None
        refuse_sign_in(session, code.not_me)
        assert session.scalars(select(Lock.subject)).all() == [b"q" * 16]


def test_the_audit_trail_says_that_it_was_done_and_stays(
    database: Database, person: Person, here: str
) -> None:
    with database.write() as session:
        before = count(session, AuditEntry)
        counts = delete_own_data(session, here, person.id).counts
    with database.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.position)).all()
    assert len(rows) == before + 1
    assert (rows[-1].act, rows[-1].person_id) == ("privacy.deleted", person.id)
    assert rows[-1].detail == {"counts": counts}


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("which", ["this", "another"])
def test_on_hold_nothing_is_deleted(
    database: Database, person: Person, here: str, signed_in: bool, which: str
) -> None:
    with database.write() as session:
        ids = session.scalars(
            select(Conversation.id).where((Conversation.id == here) == (which == "this"))
        ).all()
        session.get(Conversation, ids[0]).on_hold = True
    before = snapshot(database)
    with database.write() as session, pytest.raises(OnHold):
        delete_own_data(session, here, person.id if signed_in else None)
    assert snapshot(database) == before


def test_deleting_twice_does_no_harm(database: Database, person: Person, here: str) -> None:
    with database.write() as session:
        delete_own_data(session, here, person.id)
    with database.write() as session:
        assert sum(delete_own_data(session, here, None).counts.values()) == 0


def test_whoever_leaves_reads_the_last_line_and_nothing_after_it(
    database: Database, conversation: str, person: Person
) -> None:
    with database.write() as session:
        token = verify_session(session, conversation, person.id)
        leave(session, conversation)
    with database.write() as session:
        view = find_session(session, token)
        assert view is not None and view.person_id is None
        assert 0 < seconds_left(session, token) <= ONE_LINE.total_seconds()
    with later(seconds=ONE_LINE.total_seconds() - 1), database.write() as session:
        touch_session(session, token)
        assert find_session(session, token) is not None
    with later(seconds=ONE_LINE.total_seconds() + 1), database.read() as session:
        assert find_session(session, token) is None, "whatever was done with it meanwhile"


def test_leaving_never_lengthens_a_session(database: Database, conversation: str) -> None:
    with database.write() as session:
        token = open_session(session, conversation)
        row = session.scalars(
            select(WebSession).where(WebSession.conversation_id == conversation)
        ).one()
        row.created_at = now() - ABSOLUTE + timedelta(seconds=30)
    with database.write() as session:
        leave(session, conversation, timedelta(minutes=10))
    with database.read() as session:
        assert 0 < seconds_left(session, token) <= 30
