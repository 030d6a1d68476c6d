"""Twelve ways to get somebody's card to another door (knowledge: security, T06, T26). Each ends in
a refusal, in the hold or with an agent; what was accepted is applied once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from bot.addresses import Address, AddressProblems, check_address
from bot.addresses.changes import (
    Asking,
    CardInPrint,
    Confirmed,
    NothingProposed,
    confirm,
    propose,
)
from bot.addresses.holding import undo
from bot.addresses.record import is_client
from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.identity.budgets import BUDGETS
from bot.identity.step_up import TooManyCodes
from bot.landing import reviewing, steps
from bot.landing.due import do_due
from bot.landing.photos import keep_photo
from bot.photos.report import PhotoReport
from bot.rights.authorize import NotAllowed
from bot.store import (
    AddressChange,
    Application,
    AuditEntry,
    Database,
    Landing,
    Outbound,
    PostalAddress,
)
from tests.bot.identity.people import PUBLIC_URL, add_client, code_in, newest_mail
from tests.bot.landing.family import HOME, OTHER_HOME, Family, add_family, by, changes_of
from tests.bot.landing.giving import give_all
from tests.support.files import add_person, add_seat

DROP = Address("77 Pickup Rd", "", "Toronto", "ON", "M5V 2T6")


class Town:
    """People who have nothing in common, and what they ask for; each signed in somewhere."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def stranger(self, number: int) -> int:
        with self.database.write() as session:
            return int(add_client(session, number)[0].id)

    def conversation(self) -> str:
        with self.database.write() as session:
            return open_conversation(session, "web", "en")

    def ask(self, by: int, address: Address = DROP, person: int = 0, where: str = "") -> str:
        """The code that was mailed."""
        where = where or self.conversation()
        with self.database.write() as session:
            propose(session, Asking(by, person or by, where), address, PUBLIC_URL)
        return code_in(newest_mail(self.database))

    def enter(self, by: int, where: str, code: str) -> Confirmed:
        with self.database.write() as session:
            return confirm(session, where, by, code, PUBLIC_URL)

    def move(self, by: int, address: Address = DROP, person: int = 0) -> str:
        """What became of a change with its right code."""
        where = self.conversation()
        return self.enter(by, where, self.ask(by, address, person, where)).state

    def after_a_day(self) -> int:
        """How many changes count then."""
        with time_machine.travel(now() + timedelta(hours=24, minutes=1), tick=True):
            return do_due(self.database)["addresses"]

    def count(self, table: Any, *conditions: Any) -> int:
        with self.database.read() as session:
            return len(session.execute(select(table).where(*conditions)).all())

    def applied(self) -> int:
        """Rows of the trail that say so; each has its address of record."""
        rows = self.count(AuditEntry, AuditEntry.act == "address.applied")
        assert rows == self.count(AddressChange, AddressChange.state == "applied")
        return rows


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    with time_machine.travel(now(), tick=True):
        yield Town(database)


@pytest.fixture
def family(town: Town) -> Family:
    with town.database.write() as session:
        return add_family(session, "declared")


def test_1_one_door_for_three_strangers_goes_to_an_agent(town: Town) -> None:
    people = [town.stranger(number) for number in range(101, 105)]
    states = [town.move(person, DROP) for person in people]
    assert states == ["held", "held", "review", "review"]
    assert town.after_a_day() == 0, "the first two wait for an agent as well by then"
    assert town.applied() == 0 and town.count(PostalAddress) == 0
    assert town.count(AddressChange, AddressChange.state == "review") == 4


@pytest.mark.parametrize(
    "written",
    [
        {"street": "77 PICKUP ROAD"}, {"street": "77, pickup rd."}, {"street": "77  Pickup  Rd"},
        {"city": "TORONTO"}, {"postal_code": "m5v2t6"},
    ],
)  # fmt: skip
def test_1_however_it_is_written(town: Town, written: dict[str, str]) -> None:
    other = check_address({**DROP.to_json(), **written})
    assert isinstance(other, Address)
    for number, address in ((101, DROP), (102, other)):
        assert town.move(town.stranger(number), address) == "held"
    assert town.move(town.stranger(103), other) == "review"


def test_1_two_strangers_in_one_house_and_the_flat_next_door_are_fine(town: Town) -> None:
    flats = [Address(DROP.street, unit, DROP.city, DROP.province, DROP.postal_code)
             for unit in ("1", "1", "2", "2")]  # fmt: skip
    people = [town.stranger(number) for number in range(101, 105)]
    states = [town.move(p, flat) for p, flat in zip(people, flats, strict=True)]
    assert states == ["held"] * 4
    assert town.after_a_day() == 4 == town.applied()


def test_2_a_family_at_one_door_is_fine(town: Town, family: Family) -> None:
    acting = {family.mother: family.mother, family.father: family.father,
              family.son: family.mother, family.daughter: family.mother}  # fmt: skip
    for person, actor in acting.items():
        assert town.move(actor, HOME, person) == "held"
    assert town.after_a_day() == 4 == town.applied()
    assert town.count(PostalAddress) == 4


def test_2_a_helper_whom_strangers_share_makes_them_no_family(town: Town) -> None:
    with town.database.write() as session:
        helper = add_person(session, uci=None, party_id="R9990001")
        people = []
        for number in (101, 102, 103):
            person, application = add_client(session, number)
            add_seat(session, application, helper, "representative")
            people.append(int(person.id))
    assert [town.move(person) for person in people] == ["held", "held", "review"]


@pytest.mark.parametrize("role", ["sponsor", "representative", "designated_person", "stranger"])
def test_3_nobody_else_asks_for_it(town: Town, family: Family, role: str) -> None:
    with town.database.write() as session:
        other = add_person(session, uci=None, party_id="R7770001", email="other@example.org")
        if role != "stranger":
            application = session.get(Application, family.application)
            add_seat(session, application, other, role, consent_on=date(2026, 1, 1))
        other_id = int(other.id)
        assert not is_client(session, other_id)
    for person in (family.mother, family.daughter, other_id):
        with pytest.raises(NotAllowed):
            town.ask(other_id, person=person)
    assert town.count(AddressChange) == 0 and town.count(Outbound) == 0


def test_4_the_address_is_edited_after_the_code_was_sent(town: Town) -> None:
    person, where = town.stranger(101), town.conversation()
    code = town.ask(person, OTHER_HOME, where=where)
    with town.database.write() as session:
        session.scalars(select(AddressChange)).one().value = DROP.to_json()
    assert town.enter(person, where, code).change_id is None
    assert town.after_a_day() == 0 == town.applied()


def test_5_a_code_is_replayed_for_another_address(town: Town) -> None:
    person, where = town.stranger(101), town.conversation()
    code = town.ask(person, OTHER_HOME, where=where)
    assert town.enter(person, where, code).state == "held"
    town.ask(person, DROP, where=where)
    assert town.enter(person, where, code).change_id is None
    assert town.after_a_day() == 1 == town.applied()
    with town.database.read() as session:
        assert session.get(PostalAddress, person).value == OTHER_HOME.to_json()


def test_6_a_code_is_carried_to_another_conversation(town: Town) -> None:
    person, own, thief = town.stranger(101), town.conversation(), town.conversation()
    code = town.ask(person, OTHER_HOME, where=own)
    with pytest.raises(NothingProposed):
        town.enter(person, thief, code)
    town.ask(person, DROP, where=thief)
    assert town.enter(person, thief, code).change_id is None
    assert town.after_a_day() == 0 == town.applied()


def test_7_the_card_is_in_print(town: Town, family: Family) -> None:
    where = town.conversation()
    code = town.ask(family.mother, DROP, where=where)
    with town.database.write() as session:
        session.execute(update(Landing).values(stage="card_ordered"))
    for attempt in (
        lambda: town.ask(family.mother),
        lambda: town.enter(family.mother, where, code),
    ):
        with pytest.raises(CardInPrint):
            attempt()
    assert town.after_a_day() == 0 == town.applied()


def test_7_no_card_is_ordered_while_an_address_waits(town: Town, family: Family) -> None:
    place = family.place(family.mother)
    assert town.move(family.mother, HOME) == "held"
    with town.database.write() as session:
        session.execute(update(Landing).values(stage="address_given"))
        good = PhotoReport((), picture=b"\xff\xd8", width=715, height=1000)
        photo = keep_photo(session, place, by(family.mother), good)
        session.flush()
        steps.give_photo(session, place, by(family.mother), photo)
        give_all(session, place)
        reviewing.accept(session, place, "officer")
    with time_machine.travel(now() + timedelta(hours=26), tick=True):
        assert town.move(family.mother, DROP) == "held", "changed again, just before the card"
        assert do_due(town.database)["cards"] == 0
    with time_machine.travel(now() + timedelta(hours=51), tick=True):
        found = do_due(town.database)
    assert (found["addresses"], found["cards"]) == (1, 1)


def test_8_a_strangers_token_undoes_nothing(town: Town) -> None:
    mine, theirs = town.stranger(101), town.stranger(102)
    town.move(theirs, OTHER_HOME)
    town.move(mine, HOME)
    token = newest_mail(town.database).text.rpartition("/undo/")[2].split()[0].rstrip(".")
    with town.database.write() as session:
        for wrong in ("", "x" * 32, token[:-1], token.lower(), f"{token}A"):
            assert undo(session, wrong) is None
        assert undo(session, token) == mine
    assert [c.state for c in changes_of(town.database, theirs)] == ["held"]
    assert town.after_a_day() == 1 == town.applied()


def test_9_changes_one_after_the_other_meet_a_budget(town: Town) -> None:
    person, sent = town.stranger(101), 0
    hourly = BUDGETS.change_codes[0].most
    for number in range(hourly):
        where = town.conversation()
        street = f"{number + 1} Elm St"
        code = town.ask(person, Address(street, "", "Ottawa", "ON", "K1A 0B1"), where=where)
        assert town.enter(person, where, code).state == "held"
        sent += 1
    with pytest.raises(TooManyCodes):
        town.ask(person)
    assert sent == hourly
    states = [c.state for c in changes_of(town.database, person)]
    assert states == ["replaced"] * (hourly - 1) + ["held"]
    assert town.after_a_day() == 1 == town.applied(), "only the last counts"


@pytest.mark.parametrize(
    "street",
    [
        "PO Box 12", "C.P. 12", "P.O.  BOX 12", "Case postale 12", "General Delivery",
        "Poste restante", "ＰＯ Box 12",
    ],
)  # fmt: skip
def test_10_a_box_is_no_home(street: str) -> None:
    assert isinstance(check_address({**DROP.to_json(), "street": street}), AddressProblems)


@pytest.mark.parametrize(
    "abroad",
    [
        {"province": "NY", "postal_code": "10001", "city": "New York"},
        {"postal_code": "10001"}, {"province": "QC"}, {"country": "France"},
        {"city": "Paris, France"}, {"province": "Tamaulipas"}, {"postal_code": "M5V 2T"},
    ],
)  # fmt: skip
def test_11_it_is_in_canada_or_it_is_refused(abroad: dict[str, str]) -> None:
    assert isinstance(check_address({**DROP.to_json(), **abroad}), AddressProblems)


@pytest.mark.parametrize(
    "hidden",
    [
        "77 Pickup\u202e Rd", "77 Pick\u200bup Rd", "77 Рickup Rd", "77 Pickup Rd\u2028c/o Mule",
        "77 Pickup Rd\x00", "７７ Pickup Rd", "77 Pickup Rd\x1b[2J", "77 Pickup\ufeff Rd",
    ],
)  # fmt: skip
def test_12_what_cannot_be_seen_is_refused(hidden: str) -> None:
    assert isinstance(check_address({**DROP.to_json(), "street": hidden}), AddressProblems)
    assert isinstance(check_address({**DROP.to_json(), "city": hidden}), AddressProblems)
