"""Text messages that come in: taken once, keywords first, nothing after STOP."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot import handoff
from bot.messages.outbox import KEYWORD
from bot.phones.received import take_in
from bot.phones.turning import answer_by_text
from bot.settings import Settings
from bot.store import Conversation, Database, Inbox, Line, Outbound, Phone, SmsReceived
from bot.texts import say

NUMBER = "+16135550142"


class Texting:
    """A phone that texts us."""

    def __init__(self, database: Database, settings: Settings, number: str = NUMBER) -> None:
        self.database, self.settings, self.number = database, settings, number
        self.count = 0

    def __call__(self, body: str, sid: str | None = None, **more: Any) -> str:
        self.count += 1
        sid = sid or f"SM{self.count:032x}"
        with self.database.write() as session:
            return take_in(session, self.settings, sid=sid, sender=self.number, body=body, **more)

    def sent(self) -> list[Outbound]:
        with self.database.read() as session:
            query = select(Outbound).where(Outbound.channel == "sms").order_by(Outbound.id)
            return list(session.scalars(query))

    def texts(self) -> list[str]:
        return [message.text for message in self.sent()]

    def phone(self) -> Phone:
        with self.database.read() as session:
            return session.scalars(select(Phone)).one()


@pytest.fixture
def texting(database: Database, settings: Settings) -> Texting:
    return Texting(database, settings)


def test_a_text_waits_for_the_engine_under_its_sid(texting: Texting) -> None:
    assert texting("Where is my application?", sid="SM" + "a" * 32) == "inbox"
    with texting.database.read() as session:
        message = session.scalars(select(Inbox)).one()
        assert (message.client_id, message.text) == ("SM" + "a" * 32, "Where is my application?")
        conversation = session.get(Conversation, message.conversation_id)
        assert conversation.channel == "sms"


def test_the_same_sid_has_no_second_effect(texting: Texting) -> None:
    assert texting("STOP", sid="SM" + "b" * 32) == "keyword"
    assert texting("START", sid="SM" + "c" * 32) == "keyword"
    assert texting("STOP", sid="SM" + "b" * 32) == "keyword"
    assert texting.phone().stopped_at is None
    assert len(texting.sent()) == 2


def test_the_conversation_does_not_tell_the_number(texting: Texting) -> None:
    texting("hello")
    with texting.database.read() as session:
        found = session.scalars(select(Conversation)).one()
    assert len(found.id) == 32
    assert NUMBER[2:] not in found.id


def test_stop_is_confirmed_once_and_nothing_is_answered_after_it(texting: Texting) -> None:
    assert [texting(text) for text in ("STOP", "stop!", "Where is it?", "HELP")] == [
        "keyword", "keyword", "dropped", "dropped",
    ]  # fmt: skip
    (confirmation,) = texting.sent()
    assert confirmation.event == KEYWORD
    assert texting.phone().stopped_by == "keyword"
    with texting.database.read() as session:
        assert session.scalars(select(Inbox)).all() == []


def test_start_restores(texting: Texting) -> None:
    texting("ARRÊT")
    texting("START")
    assert texting("Où en est ma demande ?") == "inbox"
    assert texting.phone().language == "fr"
    assert texting.texts()[1].startswith(
        say("fr", "sms.keyword.start", page="")[:20].replace("\u00a0", " ")
    )


def test_a_yes_restarts_only_who_has_stopped(texting: Texting) -> None:
    assert texting("yes") == "inbox"
    texting("stop")
    assert texting("yes") == "keyword"
    assert texting.phone().stopped_at is None


def test_what_twilio_answered_itself_is_not_answered_again(texting: Texting) -> None:
    assert texting("Arretez tout de suite", opt_out_type="STOP") == "keyword"
    assert texting.phone().stopped_at is not None
    assert texting.sent() == []


def test_a_picture_without_words_is_answered(texting: Texting) -> None:
    assert texting("", media=1) == "media"
    assert len(texting.sent()) == 1


def test_identifiers_are_masked_before_anything_is_stored_and_answered_with_the_warning(
    texting: Texting,
) -> None:
    assert texting("My UCI is 1234-5678 where is my application please") == "inbox"
    with texting.database.read() as session:
        assert "1234" not in session.scalars(select(Inbox)).one().text
        assert "1234" not in session.scalars(select(Line)).one().body["text"]
    assert texting.texts() == [say("en", "sms.talk.masked")]


def test_a_lone_identifier_is_answered_with_the_warning_only(texting: Texting) -> None:
    assert texting("1234-5678") == "dropped"
    assert len(texting.sent()) == 1


def test_who_leaves_a_message_for_an_agent_learns_that_it_is_kept(texting: Texting) -> None:
    texting("I want to talk to a person")
    with texting.database.write() as session:
        here = session.scalar(select(Conversation.id))
        handoff.request(session, here, "asked")
        handoff.leave_message(session, here, "sms")
    texting("Please call my sister back")
    texting("How long does it take?")
    assert texting.texts() == [say("en", "sms.handoff.kept")]


def test_a_number_abroad_leaves_no_trace(database: Database, settings: Settings) -> None:
    assert Texting(database, settings, "+18765550142")("hello") == "dropped"
    with database.read() as session:
        assert session.scalars(select(SmsReceived)).all() == []


def test_a_flood_is_told_once_and_dropped(texting: Texting) -> None:
    outcomes = [texting(f"question {'x' * n}") for n in range(1, 36)]
    assert outcomes == ["inbox"] * 30 + ["dropped"] * 5
    assert len(texting.sent()) == 1


def offer(texting: Texting, *labels: str) -> None:
    """The engine answers with these choices."""
    with texting.database.write() as session:
        choices = [{"label": label, "intent": "ask_help", "entities": {}} for label in labels]
        bodies = [{"short": "Which one?", "choices": choices}]
        phone = session.scalars(select(Phone)).one()
        answer_by_text(session, phone.conversation_id, bodies, "en", "https://example.ca/en")


def chosen(texting: Texting) -> list[str]:
    with texting.database.read() as session:
        query = select(Inbox).where(Inbox.kind == "choice").order_by(Inbox.id)
        return [message.text for message in session.scalars(query)]


@pytest.mark.parametrize("digit", ["2", " 2 ", "2.", "(2)", "#2", "２"])
def test_a_digit_chooses_from_the_last_text(texting: Texting, digit: str) -> None:
    texting("hello")
    offer(texting, "One", "Two", "Three")
    assert texting.texts()[-1] == "Which one?\n1 One\n2 Two\n3 Three"
    assert texting(digit) == "inbox"
    assert chosen(texting) == ["Two"]


def test_a_digit_chooses_once_and_only_what_was_offered_last(texting: Texting) -> None:
    texting("hello")
    offer(texting, "One", "Two")
    assert [texting(digit) for digit in ("1", "1", "3", "0")] == [
        "inbox", "dropped", "dropped", "inbox",
    ]  # fmt: skip
    offer(texting, "Other")
    assert texting("1") == "inbox"
    assert chosen(texting) == ["One", "Other"]


def test_what_was_not_written_for_a_text_message_is_on_the_page(texting: Texting) -> None:
    texting("hello")
    with texting.database.write() as session:
        phone = session.scalars(select(Phone)).one()
        for body in ({"text": "A long answer of the page"}, {"short": "word " * 100}):
            answer_by_text(session, phone.conversation_id, [body], "en", "https://example.ca/en")
    assert set(texting.texts()) == {say("en", "sms.see_page", page="https://example.ca/en")}


def test_the_language_that_the_engine_answers_in_is_the_phones_from_then_on(
    texting: Texting,
) -> None:
    texting("hello")
    with texting.database.write() as session:
        phone = session.scalars(select(Phone)).one()
        answer_by_text(session, phone.conversation_id, [{"short": "Oui"}], "fr", "x")
    assert texting.phone().language == "fr"
