"""After twenty wrong codes in a row sign-in is closed for a day, for that person only."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.identity.budgets import WRONG_CODES, Budget, Budgets, subject_of
from bot.identity.codes import make_code, try_code
from bot.identity.locks import LOCKED_FOR, MOST_WRONG_CODES, is_locked
from bot.store import AuditEntry, Database, Lock, Outbound, Tally
from tests.bot.identity.people import add_client, caller, client_form, enter, send, wrong

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
# The budgets have tests of their own.
PLENTY = Budgets(
    by_conversation=Budget("details.conversation", 1_000, HOUR),
    by_network=Budget("details.network", 1_000, HOUR),
    by_person=Budget("details.person", 1_000, DAY),
    codes=(Budget("codes.hour", 1_000, HOUR),),
)


def new_code(database: Database, conversation: str, uci: str, person_id: int | None) -> str:
    with database.write() as session:
        subject = subject_of(session, uci)
        return make_code(session, conversation, subject=subject, person_id=person_id).digits


def wrong_codes(
    database: Database, conversation: str, uci: str, person_id: int | None, count: int
) -> None:
    """Enter `count` wrong codes, five for each code that is made."""
    for tried in range(count):
        if tried % 5 == 0:
            code = new_code(database, conversation, uci, person_id)
        with database.write() as session:
            assert try_code(session, conversation, wrong(code)).person_id is None


def locked(database: Database, uci: str = "00000101") -> bool:
    with database.read() as session:
        return is_locked(session, subject_of(session, uci))


def notices(database: Database) -> list[Outbound]:
    with database.read() as session:
        return list(session.scalars(select(Outbound).order_by(Outbound.id)))


def test_the_twentieth_wrong_code_in_a_row_locks_whatever_codes_they_were_for(
    database: Database, person_id: int, conversation: str
) -> None:
    wrong_codes(database, conversation, "00000101", person_id, MOST_WRONG_CODES - 1)
    assert not locked(database)
    assert notices(database) == []
    wrong_codes(database, conversation, "00000101", person_id, 1)
    assert locked(database)
    with database.read() as session:
        assert session.scalar(select(Lock.reason)) == "failures"
        left = session.scalar(select(Lock.until)) - now()
        assert session.scalar(select(Tally).where(Tally.kind == WRONG_CODES)) is None
    assert LOCKED_FOR - timedelta(minutes=1) < left <= LOCKED_FOR == DAY


def test_they_are_counted_over_conversations(
    database: Database, person_id: int, conversation: str
) -> None:
    for _ in range(4):
        with database.write() as session:
            other = open_conversation(session, "web", "en")
        wrong_codes(database, other, "00000101", person_id, 5)
    assert locked(database)


def test_a_right_code_in_between_begins_the_count_anew(
    database: Database, person_id: int, conversation: str
) -> None:
    wrong_codes(database, conversation, "00000101", person_id, 19)
    code = new_code(database, conversation, "00000101", person_id)
    with database.write() as session:
        assert try_code(session, conversation, code).person_id == person_id
    wrong_codes(database, conversation, "00000101", person_id, 19)
    assert not locked(database)


def test_the_person_is_told_at_the_address_on_file_in_their_language(
    database: Database, person_id: int, conversation: str
) -> None:
    wrong_codes(database, conversation, "00000101", person_id, 20)
    (notice,) = notices(database)
    assert (notice.recipient, notice.language) == ("p101@example.ca", "fr")
    assert notice.person_id == person_id
    assert "24" in notice.subject
    assert "http" not in notice.text
    assert notice.useless_after is None, "still of use when the mail host comes back"
    with database.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.person_id) == ("identity.locked", person_id)
    assert entry.conversation_id == conversation
    assert entry.detail == {"reason": "failures"}


def test_what_is_nobody_s_identifier_locks_the_same_and_nobody_is_told(
    database: Database, conversation: str
) -> None:
    wrong_codes(database, conversation, "00000999", None, 20)
    assert locked(database, "00000999")
    (notice,) = notices(database)
    assert (notice.recipient, notice.person_id) == ("", None)


def test_while_locked_the_right_code_is_refused(
    database: Database, person_id: int, conversation: str
) -> None:
    code = new_code(database, conversation, "00000101", person_id)
    with database.write() as session:
        elsewhere = open_conversation(session, "web", "en")
    wrong_codes(database, elsewhere, "00000101", person_id, 20)
    with database.write() as session:
        attempt = try_code(session, conversation, code)
    assert (attempt.person_id, attempt.tries_left) == (None, 4), "as a wrong one"


def test_while_locked_right_details_get_a_decoy(
    database: Database, person_id: int, conversation: str
) -> None:
    wrong_codes(database, conversation, "00000101", person_id, 20)
    code = send(database, conversation, client_form(101), caller(PLENTY))
    assert notices(database)[-1].recipient == ""
    attempt, token = enter(database, conversation, code)
    assert (attempt.person_id, token) == (None, None)


def test_somebody_else_is_not_locked(database: Database, person_id: int, conversation: str) -> None:
    wrong_codes(database, conversation, "00000101", person_id, 20)
    with database.write() as session:
        other, _ = add_client(session, 102)
        elsewhere = open_conversation(session, "web", "en")
    assert not locked(database, "00000102")
    code = send(database, elsewhere, client_form(102))
    attempt, token = enter(database, elsewhere, code)
    assert attempt.person_id == other.id
    assert token


def test_a_lock_ends_by_the_database_s_clock(
    database: Database, person_id: int, conversation: str
) -> None:
    wrong_codes(database, conversation, "00000101", person_id, 20)
    with time_machine.travel(now() + 2 * DAY, tick=True):
        assert locked(database), "whatever the application's clock says"
    with database.write() as session:
        moment = session.scalar(select(Lock.until)) - DAY
        session.execute(update(Lock).values(until=moment))
    assert not locked(database)
    code = send(database, conversation, client_form(101), caller(PLENTY))
    assert enter(database, conversation, code)[0].person_id == person_id


def test_the_next_twenty_lock_again(database: Database, person_id: int, conversation: str) -> None:
    wrong_codes(database, conversation, "00000101", person_id, 20)
    with database.write() as session:
        session.execute(update(Lock).values(until=now() - DAY))
    wrong_codes(database, conversation, "00000101", person_id, 19)
    assert not locked(database)
    wrong_codes(database, conversation, "00000101", person_id, 1)
    assert locked(database)
    assert len(notices(database)) == 2


@pytest.mark.parametrize("tries", [5])
def test_tries_that_are_not_looked_at_do_not_count(
    database: Database, person_id: int, conversation: str, tries: int
) -> None:
    """Twenty presses on one dead code are five tries."""
    code = new_code(database, conversation, "00000101", person_id)
    for _ in range(20):
        with database.write() as session:
            try_code(session, conversation, wrong(code))
    with database.read() as session:
        assert session.scalar(select(Tally.count)) == tries
    assert not locked(database)
