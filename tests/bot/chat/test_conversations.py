"""Messages are taken in once, lines appear in order, quick replies work once and only here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from bot.chat.conversations import (
    ChoiceUnknown,
    add_choices,
    add_line,
    is_waiting,
    lines_after,
    open_conversation,
    post_choice,
    post_text,
)
from bot.store import Database, Inbox


def post(database: Database, conversation: str, client_id: str, text: str = "hello") -> bool:
    with database.write() as session:
        return post_text(session, conversation, client_id, text)


def test_a_message_is_in_the_inbox_and_on_the_page(database: Database, conversation: str) -> None:
    assert post(database, conversation, "a")
    with database.read() as session:
        (line,) = lines_after(session, conversation, 0)
        assert (line.author, line.client_id, line.body) == ("user", "a", {"text": "hello"})
        assert is_waiting(session, conversation) is not None


def test_the_same_client_id_changes_nothing(database: Database, conversation: str) -> None:
    assert post(database, conversation, "a")
    assert not post(database, conversation, "a", "something else")
    with database.read() as session:
        assert len(lines_after(session, conversation, 0)) == 1


def test_copies_sent_at_the_same_time_are_taken_once(database: Database, conversation: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: post(database, conversation, "a"), range(16)))
    assert taken.count(True) == 1
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Inbox)) == 1


def test_lines_written_at_the_same_time_have_no_gap_and_no_double(
    database: Database, conversation: str
) -> None:
    def write(number: int) -> None:
        with database.write() as session:
            add_line(session, conversation, "bot", {"text": str(number)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with database.read() as session:
        numbers = [line.number for line in lines_after(session, conversation, 0)]
    assert numbers == list(range(1, 41))


def test_a_cursor_gives_only_what_comes_after_it(database: Database, conversation: str) -> None:
    for name in "abc":
        post(database, conversation, name, name)
    with database.read() as session:
        assert [line.body["text"] for line in lines_after(session, conversation, 1)] == ["b", "c"]


CHOICE = {"label": "Citizenship", "intent": "check_status", "entities": {"product": "citizenship"}}


def offer(database: Database, conversation: str) -> str:
    with database.write() as session:
        (shown,) = add_choices(session, conversation, [CHOICE])
    assert set(shown) == {"id", "label"}, "the page must not learn what a button means"
    return shown["id"]


def test_a_quick_reply_brings_the_meaning_the_server_kept(
    database: Database, conversation: str
) -> None:
    choice = offer(database, conversation)
    with database.write() as session:
        assert post_choice(session, conversation, "a", choice)
        row = session.scalars(select(Inbox)).one()
        assert row.kind == "choice"
        assert row.payload == {"intent": "check_status", "entities": {"product": "citizenship"}}


def test_a_quick_reply_works_once(database: Database, conversation: str) -> None:
    choice = offer(database, conversation)
    with database.write() as session:
        post_choice(session, conversation, "a", choice)
    with pytest.raises(ChoiceUnknown), database.write() as session:
        post_choice(session, conversation, "b", choice)


def test_a_quick_reply_of_another_conversation_is_unknown(
    database: Database, conversation: str
) -> None:
    choice = offer(database, conversation)
    with database.write() as session:
        other = open_conversation(session, "web", "en")
    with pytest.raises(ChoiceUnknown), database.write() as session:
        post_choice(session, other, "a", choice)
