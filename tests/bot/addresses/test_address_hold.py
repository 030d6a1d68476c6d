"""A confirmed change of address is held for a day, and then counts, once, unless it was undone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from bot.addresses import Address
from bot.addresses.holding import due_changes
from bot.addresses.record import address_of
from bot.answers.landing import landing_answer
from bot.clock import now
from bot.landing.due import do_due
from bot.landing.reading import standing_of
from bot.notices.wishes import Wishes, choose
from bot.store import AddressChange, Database, Person
from bot.texts.dates import long_moment
from tests.bot.addresses.moving import Mover, a_day_later
from tests.bot.identity.people import newest_mail
from tests.bot.landing.family import HOME, OTHER_HOME, give_record_address

# -- when it counts -------------------------------------------------------------------------------

MAIL_AT = datetime(2026, 12, 2, 3, 5, tzinfo=timezone.utc)
VICTORIA = Address("1 Wharf St", "", "Victoria", "BC", "V8W 1T3")


@pytest.mark.parametrize(
    ("address", "zone", "english", "french"),
    [
        (HOME, None, "December 2, 2026, 10:05\u00a0p.m. (Eastern Time)",
         "2 décembre 2026 à 22\u00a0h\u00a005 (heure de l’Est)"),
        (VICTORIA, None, "December 2, 2026, 7:05\u00a0p.m. (Pacific Time)",
         "2 décembre 2026 à 19\u00a0h\u00a005 (heure du Pacifique)"),
        (VICTORIA, "America/Regina", "December 2, 2026, 9:05\u00a0p.m. (Saskatchewan Time)",
         "2 décembre 2026 à 21\u00a0h\u00a005 (heure de la Saskatchewan)"),
    ],
)  # fmt: skip
def test_it_is_told_on_the_clocks_where_the_person_lives(
    database: Database, address: Address, zone: str | None, english: str, french: str
) -> None:
    """In the page and in the e-mail; what somebody chose comes before where they move to."""
    with time_machine.travel(MAIL_AT, tick=False):
        mover = Mover(database)
        with database.write() as session:
            choose(session, mover.family.mother, Wishes("en", zone))
        done = mover.confirm(mover.propose(address))
        assert done.held_until == MAIL_AT + timedelta(days=1)
        assert long_moment("en", done.held_until) == english
        assert long_moment("fr", done.held_until) == french
        assert f"It counts from {english}." in newest_mail(database).text
        with database.read() as session:
            standing = standing_of(session, mover.family.mother)
        assert standing and standing.held_until
        assert english in landing_answer(standing, [standing], "en").text


def test_a_zone_without_a_name_is_the_local_time() -> None:
    there = MAIL_AT.astimezone(ZoneInfo("America/Dawson_Creek"))
    assert long_moment("en", there) == "December 1, 2026, 8:05\u00a0p.m. (local time)"
    assert long_moment("fr", there) == "1er décembre 2026 à 20\u00a0h\u00a005 (heure locale)"


# -- the hold -------------------------------------------------------------------------------------


def test_it_is_held_for_a_day_and_then_counts(mover: Mover) -> None:
    change, _ = mover.change()
    assert mover.record() is None
    with mover.database.read() as session:
        assert address_of(session, mover.family.mother) == HOME
        assert due_changes(session, now()) == []
        assert due_changes(session, now() + timedelta(hours=23, minutes=59)) == []
    assert not mover.apply(change), "not before its time"
    with a_day_later():
        with mover.database.read() as session:
            assert due_changes(session, now()) == [change]
        assert do_due(mover.database)["addresses"] == 1
        assert do_due(mover.database)["addresses"] == 0
    assert mover.record() == HOME and mover.states() == ["applied"]
    assert mover.acts() == ["address.held", "address.applied"]


def test_it_counts_once_when_two_apply_it_at_once(mover: Mover) -> None:
    change, _ = mover.change()
    with a_day_later():
        together = Barrier(4)

        def one(_: int) -> bool:
            together.wait(30)
            return mover.apply(change)

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(one, range(4))) == 1
    assert mover.acts().count("address.applied") == 1


def test_undoing_and_applying_at_once_have_one_winner(mover: Mover) -> None:
    change, token = mover.change()
    together = Barrier(2)

    def run(work: Any) -> Any:
        together.wait(30)
        return work()

    with a_day_later(), ThreadPoolExecutor(2) as pool:
        applied, undone = pool.map(run, (lambda: mover.apply(change), lambda: mover.undo(token)))
    assert [bool(applied), undone is not None].count(True) == 1
    assert (mover.record() == HOME) == bool(applied)


def test_a_newer_change_takes_the_place_of_one_that_is_held(mover: Mover) -> None:
    old, token = mover.change(HOME)
    mover.change(OTHER_HOME)
    assert mover.states() == ["replaced", "held"]
    assert mover.undo(token) is None and not mover.apply(old)
    with a_day_later():
        assert do_due(mover.database)["addresses"] == 1
    assert mover.record() == OTHER_HOME
    assert mover.acts() == ["address.held", "address.replaced", "address.held", "address.applied"]


def test_two_conversations_at_once_leave_one_held_change(mover: Mover) -> None:
    codes = {
        mover.here: mover.propose(HOME),
        mover.there: mover.propose(OTHER_HOME, where=mover.there),
    }
    together = Barrier(2)

    def one(where: str) -> str:
        together.wait(30)
        return mover.confirm(codes[where], where=where).state

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one, codes)) == ["held", "held"]
    assert sorted(mover.states()) == ["held", "replaced"]


# -- undoing --------------------------------------------------------------------------------------


def test_it_can_be_undone_once_and_the_old_address_stays(mover: Mover) -> None:
    mother = mover.family.mother
    with mover.database.write() as session:
        give_record_address(session, mother, OTHER_HOME)
    _, token = mover.change(HOME)
    assert mover.undo(token) == mother
    assert mover.undo(token) is None
    with a_day_later():
        assert do_due(mover.database)["addresses"] == 0
    with mover.database.read() as session:
        assert address_of(session, mother) == OTHER_HOME
    assert mover.record() == OTHER_HOME and mover.states() == ["undone"]
    assert mover.acts() == ["address.held", "address.undone"]
    assert "undone" in newest_mail(mover.database).subject.lower()


def test_what_counts_already_is_not_undone(mover: Mover) -> None:
    change, token = mover.change()
    with a_day_later():
        assert mover.apply(change)
        assert mover.undo(token) is None
    assert mover.record() == HOME


def test_the_notice_goes_to_the_mailbox_on_file_with_the_address_that_undoes_it(
    mover: Mover,
) -> None:
    mover.change()
    mail = newest_mail(mover.database)
    with mover.database.read() as session:
        mother = session.get(Person, mover.family.mother)
        stored = session.scalars(select(AddressChange)).one()
    assert (mail.recipient, mail.person_id) == (mother.email, mother.id)
    assert mail.subject == "Your address was changed"
    token = mail.text.rpartition("/en/undo/")[2].split()[0].rstrip(".")
    assert len(token) >= 32 and token.encode() not in stored.undo
    assert mover.undo(token) == mother.id
