"""A change of address counts by a code of its very own, once however often it is sent, or never."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from bot.addresses import Address
from bot.addresses.changes import Asking, Confirmed, NothingProposed, propose
from bot.clock import now
from bot.identity.codes import MAX_TRIES, make_code
from bot.store import AddressChange, Challenge, Outbound
from tests.bot.addresses.moving import Mover
from tests.bot.identity.people import PUBLIC_URL, code_in, newest_mail, wrong
from tests.bot.landing.family import HOME, OTHER_HOME, changes_of

# -- the code -------------------------------------------------------------------------------------


def test_the_code_names_what_it_confirms(mover: Mover) -> None:
    mover.propose()
    text = newest_mail(mover.database).text
    assert "4B-123 Main St, Ottawa ON  K1A 0B1" in text and "Amina" in text


def test_a_code_is_void_once_another_address_was_sent(mover: Mover) -> None:
    old = mover.propose(HOME)
    new = mover.propose(OTHER_HOME)
    assert mover.confirm(old).change_id is None
    assert mover.confirm(new).state == "held"
    assert mover.states() == ["dropped", "held"]
    first, second = changes_of(mover.database, mover.family.mother)
    assert first.value == {}, "what was never confirmed is not kept"
    assert Address.from_json(second.value) == OTHER_HOME


@pytest.mark.parametrize(
    "edited",
    [
        {"unit": "5"}, {"unit": ""}, {"street": "125 Main St"}, {"postal_code": "K1A 0B2"},
        {"city": "Gatineau"}, {"province": "QC"},
    ],
)  # fmt: skip
def test_an_address_that_is_edited_afterwards_voids_the_code(
    mover: Mover, edited: dict[str, str]
) -> None:
    code = mover.propose()
    with mover.database.write() as session:
        changed = session.scalars(select(AddressChange)).one()
        changed.value = {**HOME.to_json(), **edited}
    assert mover.confirm(code).change_id is None
    assert mover.states() == ["proposed"]


def test_a_change_for_somebody_else_voids_the_code(mover: Mover) -> None:
    code = mover.propose(person=mover.family.son)
    with mover.database.write() as session:
        session.execute(update(AddressChange).values(person_id=mover.family.daughter))
    assert mover.confirm(code).change_id is None


def test_a_code_is_good_in_its_own_conversation_only(mover: Mover) -> None:
    code = mover.propose()
    with pytest.raises(NothingProposed):
        mover.confirm(code, where=mover.there)
    mover.propose(OTHER_HOME, where=mover.there)
    assert mover.confirm(code, where=mover.there).change_id is None
    assert mover.confirm(code).state == "held"


def test_a_code_for_signing_in_confirms_no_address(mover: Mover) -> None:
    mover.propose()
    with mover.database.write() as session:
        code = make_code(session, mover.here, subject=b"x" * 16, person_id=mover.family.mother)
    assert mover.confirm(code.digits).change_id is None
    assert mover.states() == ["proposed"]


def test_wrong_codes_are_counted_and_after_five_the_right_one_is_too_late(mover: Mover) -> None:
    code = mover.propose()
    left = [mover.confirm(wrong(code)).tries_left for _ in range(MAX_TRIES)]
    assert left == [4, 3, 2, 1, 0]
    assert mover.confirm(code).change_id is None
    assert mover.states() == ["proposed"] and mover.acts() == []


def test_a_code_is_over_after_ten_minutes(mover: Mover) -> None:
    code = mover.propose()
    with mover.database.write() as session:  # its moments are the database's own
        session.execute(update(Challenge).values(expires_at=now() - timedelta(seconds=1)))
    assert mover.confirm(code).change_id is None


# -- the same request again -----------------------------------------------------------------------


def test_the_right_code_again_changes_nothing(mover: Mover) -> None:
    code = mover.propose()
    first, again = mover.confirm(code), mover.confirm(code)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.change_id == first.change_id and again.held_until == first.held_until
    assert mover.states() == ["held"] and mover.acts() == ["address.held"]
    with pytest.raises(NothingProposed):
        mover.confirm(wrong(code))
    with pytest.raises(NothingProposed):
        mover.confirm(code, by=mover.family.father)
    with pytest.raises(NothingProposed):
        mover.confirm(code, where=mover.there)


def test_the_right_code_of_a_change_that_was_undone_confirms_nothing(mover: Mover) -> None:
    code = mover.propose()
    mover.confirm(code)
    token = newest_mail(mover.database).text.rpartition("/undo/")[2].split()[0].rstrip(".")
    mover.undo(token)
    with pytest.raises(NothingProposed):
        mover.confirm(code)


def test_twice_at_once_is_one_change(mover: Mover) -> None:
    code, together = mover.propose(), Barrier(2)

    def one(_: int) -> Confirmed:
        together.wait(30)
        return mover.confirm(code)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(one, range(2)))
    assert sorted(done.repeated for done in found) == [False, True]
    assert mover.states() == ["held"] and mover.acts() == ["address.held"]


def test_two_addresses_sent_at_once_leave_one_that_can_be_confirmed(mover: Mover) -> None:
    together = Barrier(2)

    def one(address: Address) -> None:
        together.wait(30)
        with mover.database.write() as session:
            asking = Asking(mover.family.mother, mover.family.mother, mover.here)
            propose(session, asking, address, PUBLIC_URL)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, (HOME, OTHER_HOME)))
    assert sorted(mover.states()) == ["dropped", "proposed"]
    with mover.database.read() as session:
        mails = session.scalars(select(Outbound).order_by(Outbound.id)).all()
    confirmed = [mover.confirm(code_in(mail)).state for mail in mails]
    assert sorted(confirmed) == ["", "held"]
