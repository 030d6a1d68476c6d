"""A phone becomes somebody's by a code sent to it, for 90 days, and is told coarse words then."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.identity import phone_linking as linking
from bot.identity.budgets import BUDGETS
from bot.identity.knowing import known_person
from bot.identity.step_up import TooManyCodes
from bot.phones.finding import owner_of, reachable
from bot.phones.received import take_in
from bot.settings import Settings
from bot.store import AuditEntry, Conversation, Database, Line, Outbound, Person, Phone, PhoneLink
from tests.support.files import add_zoe

NUMBER = "613-555-0142"
OTHER = "613-555-0143"


class Linking:
    """Zoe, signed in on the page, and her phone."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings, self.count = database, settings, 0
        with database.write() as session:
            add_zoe(session)
            self.person_id = session.scalar(select(Person.id))
            self.conversation = open_conversation(session, "web", "en")

    def ask(self, number: str = NUMBER, person_id: int | None = None, **more: Any) -> str:
        with self.database.write() as session:
            return linking.ask_phone_code(
                session, self.settings, self.conversation, person_id or self.person_id, number,
                "en", **more,
            )  # fmt: skip

    def code(self) -> str:
        """The newest code that was texted."""
        found = re.search(r"\d{4} \d{4}", self.texts()[-1])
        assert found
        return found.group()

    def enter(self, code: str, person_id: int | None = None) -> linking.Linked:
        with self.database.write() as session:
            return linking.confirm_phone(
                session, self.settings, self.conversation, person_id or self.person_id, code
            )

    def link(self, number: str = NUMBER, person_id: int | None = None) -> None:
        self.ask(number, person_id)
        assert self.enter(self.code(), person_id).number is not None

    def text(self, body: str) -> str:
        self.count += 1
        with self.database.write() as session:
            sid = f"SM{self.count:032x}"
            return take_in(session, self.settings, sid=sid, sender=NUMBER, body=body)

    def texts(self) -> list[str]:
        return [m.text for m in self.sent() if m.channel == "sms"]

    def sent(self) -> list[Outbound]:
        with self.database.read() as session:
            return list(session.scalars(select(Outbound).order_by(Outbound.id)))

    def owner(self) -> int | None:
        with self.database.read() as session:
            phone = session.scalars(select(Phone).order_by(Phone.id)).first()
            return owner_of(session, phone.conversation_id)

    def reachable(self) -> bool:
        with self.database.read() as session:
            return reachable(session, self.person_id) is not None


@pytest.fixture
def zoe(database: Database, settings: Settings) -> Linking:
    return Linking(database, settings)


def test_the_code_on_the_phone_links_it_and_the_person_is_told_by_e_mail(zoe: Linking) -> None:
    assert zoe.ask() == "••• ••• 0142"
    assert not zoe.reachable()
    zoe.enter(zoe.code())
    assert zoe.reachable()
    assert zoe.owner() == zoe.person_id
    mail = zoe.sent()[-1]
    assert (mail.channel, mail.recipient) == ("email", "zoe@example.ca")
    assert "0142" in mail.text
    assert "555-0142" not in mail.text
    with zoe.database.read() as session:
        acts = session.scalars(select(AuditEntry.act)).all()
        assert acts == ["phone.linked"]


def test_a_wrong_code_links_nothing_and_five_of_them_end_it(zoe: Linking) -> None:
    zoe.ask()
    right = zoe.code()
    wrong = "0000 0000" if right != "0000 0000" else "1111 1111"
    assert [zoe.enter(wrong).tries_left for _ in range(5)] == [4, 3, 2, 1, 0]
    assert zoe.enter(right).number is None
    assert not zoe.reachable()


def test_a_code_links_only_the_number_it_was_sent_to(zoe: Linking) -> None:
    zoe.ask(NUMBER)
    first = zoe.code()
    zoe.ask(OTHER)
    assert zoe.enter(first).number is None
    assert not zoe.reachable()


def test_a_code_of_a_sign_in_links_no_phone(zoe: Linking) -> None:
    with pytest.raises(linking.NothingAsked):
        zoe.enter("1234 5678")


def test_a_code_is_over_after_ten_minutes(zoe: Linking) -> None:
    """The database's time decides; what is moved is the time at which it was asked for."""
    zoe.ask()
    from bot.store import Challenge

    with zoe.database.write() as session:
        for challenge in session.scalars(select(Challenge)):
            challenge.expires_at = challenge.created_at - timedelta(seconds=1)
    assert zoe.enter(zoe.code()).number is None


def test_the_same_code_again_changes_nothing(zoe: Linking) -> None:
    zoe.ask()
    code = zoe.code()
    zoe.enter(code)
    assert zoe.enter(code).repeated
    with zoe.database.read() as session:
        assert len(session.scalars(select(PhoneLink)).all()) == 1


def test_what_is_no_number_gets_no_code(zoe: Linking) -> None:
    for raw in ("12345", "+44 7911 123456", "+1 876 926 1111", ""):
        with pytest.raises(linking.NotANumber):
            zoe.ask(raw)
    assert zoe.sent() == []


def test_no_phone_is_rung_again_and_again_whoever_asks(zoe: Linking) -> None:
    for _ in range(3):
        zoe.ask()
    with pytest.raises(TooManyCodes):
        zoe.ask()
    zoe.ask(OTHER)


def test_a_person_gets_so_many_codes_and_no_more(zoe: Linking) -> None:
    hour = replace(BUDGETS.change_codes[0], most=1)
    budgets = replace(BUDGETS, change_codes=(hour,))
    zoe.ask(budgets=budgets)
    with pytest.raises(TooManyCodes):
        zoe.ask(OTHER, budgets=budgets)


def test_a_link_is_over_after_90_days(zoe: Linking) -> None:
    zoe.link()
    with time_machine.travel(now() + timedelta(days=91), tick=False):
        assert not zoe.reachable()
        assert zoe.owner() is None


def test_the_next_owner_of_a_number_gets_a_conversation_of_their_own(
    zoe: Linking, database: Database
) -> None:
    zoe.link()
    zoe.text("Where is it?")
    with database.read() as session:
        before = session.scalars(select(Phone.conversation_id)).one()
    with database.write() as session:
        from tests.support.files import add_person

        other = add_person(session, given_names="Ada", email="ada@example.ca", uci="22334455").id
    zoe.link(person_id=other)
    with database.read() as session:
        after = session.scalars(select(Phone.conversation_id)).one()
        assert after != before
        assert known_person(session, after) == other
        assert known_person(session, before) is None
        assert session.scalars(select(Line).where(Line.conversation_id == after)).all() == []
    assert not zoe.reachable()


def test_the_same_person_keeps_the_conversation(zoe: Linking, database: Database) -> None:
    zoe.link()
    zoe.text("Where is it?")
    zoe.link()
    with database.read() as session:
        assert (
            len(session.scalars(select(Conversation).where(Conversation.channel == "sms")).all())
            == 1
        )


@pytest.mark.parametrize("word", ["WRONG", "wrong number", "MAUVAIS NUMÉRO", "mauvais numero!"])
def test_a_wrong_number_is_nobodys_any_more_and_gets_nothing(zoe: Linking, word: str) -> None:
    zoe.link()
    assert zoe.text(word) == "keyword"
    assert zoe.owner() is None
    assert not zoe.reachable()
    with zoe.database.read() as session:
        phone = session.scalars(select(Phone)).one()
        assert phone.stopped_by == "wrong"
        assert session.scalars(select(PhoneLink.ended_why)).all() == ["wrong"]


def test_a_stopped_phone_is_not_reachable_until_it_starts(zoe: Linking) -> None:
    zoe.link()
    zoe.text("STOP")
    assert not zoe.reachable()
    zoe.text("START")
    assert zoe.reachable()


def test_the_person_can_remove_the_phone(zoe: Linking) -> None:
    zoe.link()
    with zoe.database.write() as session:
        assert linking.remove_phones(session, zoe.person_id) == 1
    assert not zoe.reachable()
    with zoe.database.write() as session:
        assert linking.remove_phones(session, zoe.person_id) == 0
