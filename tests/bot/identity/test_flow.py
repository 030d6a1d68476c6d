"""Whatever the details are worth, the same is said and the same is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from bot import vault
from bot.chat.conversations import lines_after, open_conversation
from bot.clock import now
from bot.identity.budgets import Budget, Budgets, BudgetSpent, network_of, subject_of
from bot.identity.flow import AlreadySignedIn, log_out
from bot.identity.sessions import find_session, open_session, verified_person
from bot.store import AuditEntry, Challenge, Conversation, Database, Inbox, Outbound, Tally
from bot.store.base import Base
from tests.bot.identity.people import (
    CLASSES,
    CLIENTS,
    PUBLIC_URL,
    REPRESENTATIVES,
    add_client,
    caller,
    client_form,
    code_in,
    enter,
    newest_mail,
    not_me_in,
    rep_form,
    send,
    wrong,
)

HOUR = timedelta(hours=1)


def new_conversation(database: Database, language: str = "en") -> str:
    with database.write() as session:
        return open_conversation(session, "web", language)


def said(database: Database, conversation: str) -> list[tuple[str, dict[str, Any]]]:
    with database.read() as session:
        return [(line.author, line.body) for line in lines_after(session, conversation, 0)]


def rows(database: Database) -> Counter[str]:
    """How many rows each table has."""
    with database.read() as session:
        return Counter(
            {
                table.name: session.scalar(select(func.count()).select_from(table))
                for table in Base.metadata.sorted_tables
            }
        )


def mails_to_somebody(database: Database) -> int:
    with database.read() as session:
        mails = session.scalars(select(Outbound)).all()
    return sum(mail.recipient != "" for mail in mails)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kinds", [CLIENTS, REPRESENTATIVES], ids=["clients", "representatives"])
def test_the_same_lines_and_the_same_number_of_rows_for_everybody(
    database: Database, kinds: Any, language: str
) -> None:
    seen = {}
    for number, (name, build) in enumerate(kinds.items(), start=101):
        with database.write() as session:
            form = build(session, number)
        conversation = new_conversation(database, language)
        before = rows(database)
        code = send(database, conversation, form, caller(address=f"198.51.{number}.1"))
        written = [rows(database) - before]
        for _ in range(6):
            before = rows(database)
            enter(database, conversation, wrong(code))
            written.append(rows(database) - before)
        seen[name] = (said(database, conversation), written)
    expected = next(iter(seen.values()))
    assert {name for name, found in seen.items() if found != expected} == set()
    lines, (sent, *_) = expected
    assert [author for author, _ in lines] == ["user", "bot"]
    assert lines[1][1]["card"] == {"kind": "code"}
    assert +sent == Counter(challenge=1, outbound=1, line=2, audit_entry=1, tally=5)


@pytest.mark.parametrize("name", CLASSES)
def test_only_who_may_have_a_code_gets_one(
    database: Database, conversation: str, name: str
) -> None:
    with database.write() as session:
        form = CLASSES[name](session, 101)
    code = send(database, conversation, form)
    may = name in ("match", "representative")
    assert mails_to_somebody(database) == int(may)
    attempt, token = enter(database, conversation, code)
    assert (attempt.person_id is not None, token is not None) == (may, may)


@pytest.mark.parametrize("kinds", [CLIENTS, REPRESENTATIVES], ids=["clients", "representatives"])
def test_the_same_statements_for_everybody(database: Database, kinds: Any) -> None:
    """What is not there is looked for and made up for with the same work."""
    seen = {}
    for number, (name, build) in enumerate(kinds.items(), start=101):
        with database.write() as session:
            form = build(session, number)
        conversation = new_conversation(database)
        with heard(database) as seen[name]:
            send(database, conversation, form, caller(address=f"198.51.{number}.1"))
    expected = next(iter(seen.values()))
    assert len(expected) > 20
    assert {name for name, found in seen.items() if found != expected} == set()


@contextmanager
def heard(database: Database) -> Iterator[list[str]]:
    """The statements of a block."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def test_the_code_is_mailed_in_the_person_s_language_with_what_it_is_for(
    database: Database, person_id: int, conversation: str, form: dict[str, str]
) -> None:
    send(database, conversation, form)
    mail = newest_mail(database)
    assert (mail.recipient, mail.language, mail.state) == ("p101@example.ca", "fr", "queued")
    assert mail.person_id == person_id
    assert PUBLIC_URL in mail.text
    assert not_me_in(mail)
    assert "http" not in mail.text.replace(PUBLIC_URL, ""), "no other address than our own"
    assert "101" not in mail.subject + mail.text.replace(not_me_in(mail), "").replace(
        code_in(mail), ""
    ), "no number of the file"
    left = mail.useless_after - now()
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)


def test_a_right_code_signs_in(
    database: Database, person_id: int, conversation: str, form: dict[str, str]
) -> None:
    with database.write() as session:
        before = open_session(session, conversation)
        vault.keep(session, conversation, "uci", "00000101")
    attempt, token = enter(database, conversation, send(database, conversation, form))
    assert attempt.person_id == person_id
    with database.read() as session:
        assert token is not None and find_session(session, token).person_id == person_id
        assert find_session(session, before) is None, "a planted session is dead"
        assert session.get(Conversation, conversation).person_id == person_id
        acts = session.execute(select(AuditEntry.act, AuditEntry.person_id)).all()
        assert acts == [("identity.details_taken", None), ("identity.verified", person_id)]
        signal = session.scalars(select(Inbox)).one()
        assert signal.payload == {"intent": "EXTERNAL_verified", "entities": {}}
        assert vault.kept(session, conversation) == {}
    authors = [author for author, _ in said(database, conversation)]
    assert authors == ["user", "bot", "user", "system"]


def test_a_wrong_code_says_and_changes_nothing_in_the_conversation(
    database: Database, person_id: int, conversation: str, form: dict[str, str]
) -> None:
    code = send(database, conversation, form)
    before = said(database, conversation)
    attempt, token = enter(database, conversation, wrong(code))
    assert (attempt.tries_left, token) == (4, None)
    assert said(database, conversation) == before
    with database.read() as session:
        assert verified_person(session, conversation) is None
        assert session.scalar(select(Inbox)) is None


def test_neither_details_nor_code_stand_in_the_conversation(
    database: Database, person_id: int, conversation: str, form: dict[str, str]
) -> None:
    code = send(database, conversation, form)
    enter(database, conversation, code)
    told = str(said(database, conversation))
    for typed in (*form.values(), code, code.replace(" ", "")):
        assert typed not in told


def test_who_is_signed_in_logs_out_before_another_signs_in(
    database: Database, person_id: int, conversation: str, form: dict[str, str]
) -> None:
    enter(database, conversation, send(database, conversation, form))
    before = rows(database)
    with pytest.raises(AlreadySignedIn):
        send(database, conversation, form)
    assert rows(database) == before
    with database.write() as session:
        log_out(session, conversation)
        assert verified_person(session, conversation) is None
    attempt, _ = enter(database, conversation, send(database, conversation, form))
    assert attempt.person_id == person_id


def test_a_conversation_has_five_tries_an_hour(database: Database, conversation: str) -> None:
    for number in range(101, 106):
        send(database, conversation, client_form(number))
    before = rows(database)
    with pytest.raises(BudgetSpent) as refused:
        send(database, conversation, client_form(106))
    assert refused.value.budget.kind == "details.conversation"
    assert rows(database) == before


def test_a_network_has_thirty_tries_an_hour_over_conversations(database: Database) -> None:
    for number in range(30):
        address = f"192.0.2.{number + 1}"
        send(database, new_conversation(database), client_form(number), caller(address=address))
    conversation = new_conversation(database)
    before = rows(database)
    with pytest.raises(BudgetSpent) as refused:
        send(database, conversation, client_form(31), caller(address="192.0.2.200"))
    assert refused.value.budget.kind == "details.network"
    assert rows(database) == before, "neither is the conversation's own count spent"
    send(database, conversation, client_form(31), caller(address="198.51.100.1"))


def test_over_the_person_s_budget_right_details_are_answered_alike_and_not_looked_at(
    database: Database, person_id: int, form: dict[str, str]
) -> None:
    for number in range(10):
        guess = {**form, "given_names": "Zoé Marie"}
        here = caller(_no_codes_counted(), address=f"198.51.{number}.1")
        send(database, new_conversation(database), guess, here)
    conversation = new_conversation(database)
    code = send(database, conversation, form, caller(_no_codes_counted()))
    assert mails_to_somebody(database) == 0
    assert len(said(database, conversation)) == 2
    assert enter(database, conversation, code)[0].person_id is None


def _no_codes_counted() -> Budgets:
    return Budgets(codes=(Budget("codes.hour", 1_000, HOUR),))


def test_a_person_gets_three_codes_an_hour(
    database: Database, person_id: int, form: dict[str, str]
) -> None:
    conversations = [new_conversation(database) for _ in range(4)]
    codes = [send(database, conversation, form) for conversation in conversations]
    assert mails_to_somebody(database) == 3
    attempts = [enter(database, c, code)[0] for c, code in zip(conversations, codes, strict=True)]
    assert [attempt.person_id for attempt in attempts] == [person_id] * 3 + [None]


def test_tries_count_against_the_network_and_whoever_wants_to_sign_in(
    database: Database, conversation: str
) -> None:
    """A representative's tries are the representative's: the applicant is not shut out by them."""
    with database.write() as session:
        add_client(session, 101)
    send(database, conversation, rep_form(101))
    with database.read() as session:
        counted = set(map(tuple, session.execute(select(Tally.kind, Tally.subject))))
        rep, client = (subject_of(session, name) for name in ("R0000101", "00000101"))
        network = subject_of(session, "network", network_of("192.0.2.1"))
        challenge = session.scalars(select(Challenge)).one()
    assert {kind for kind, who in counted if who == rep} == {
        "details.person", "codes.hour", "codes.day"}  # fmt: skip
    assert ("details.network", network) in counted
    assert client not in {who for _, who in counted}
    assert challenge.subject == rep
