"""Who changes whose address, and when nobody does; the agent's word; after a new secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from bot.addresses import Address
from bot.addresses.changes import CardInPrint
from bot.addresses.record import address_of
from bot.addresses.sharing import place_index
from bot.clock import now
from bot.landing.addressing import decide_address
from bot.landing.due import do_due
from bot.rights.authorize import NotAllowed
from bot.rotation import rotate
from bot.store import AddressChange, AuditEntry, Database, Landing, Outbound
from bot.store.keys import Keys
from tests.bot.addresses.moving import Mover, a_day_later
from tests.bot.identity.people import newest_mail
from tests.bot.landing.family import HOME
from tests.conftest import SECRET_KEY

NEW_SECRET = "pO6zYp3N1wq7tQ0bXr5vJm8cLk2dHs4aGf9eUyTiRwE1nZxV"


# -- who, and when not ----------------------------------------------------------------------------


def test_a_parent_acts_for_a_minor_and_hears_of_it(mover: Mover) -> None:
    family = mover.family
    for child in (family.son, family.daughter):
        mover.change(person=child)
        assert newest_mail(mover.database).person_id == family.mother
    with a_day_later():
        assert do_due(mover.database)["addresses"] == 2
    assert mover.record(family.son) == mover.record(family.daughter) == HOME
    assert mover.record() is None


@pytest.mark.parametrize(
    ("by", "person"),
    [
        ("mother", "father"), ("father", "mother"), ("father", "son"), ("son", "mother"),
        ("representative", "mother"), ("representative", "daughter"),
        ("representative", "representative"),
    ],
)  # fmt: skip
def test_nobody_acts_for_an_adult_and_no_helper_at_all(mover: Mover, by: str, person: str) -> None:
    with pytest.raises(NotAllowed):
        mover.propose(person=getattr(mover.family, person), by=getattr(mover.family, by))
    with mover.database.read() as session:
        assert session.scalar(select(AddressChange.id)) is None
        assert session.scalar(select(Outbound.id)) is None


def test_a_child_who_came_of_age_meanwhile_confirms_it_themselves(mover: Mover) -> None:
    code = mover.propose(person=mover.family.son)
    with time_machine.travel(now() + timedelta(days=3 * 366), tick=True), pytest.raises(NotAllowed):
        mover.confirm(code)


def test_nothing_is_changed_while_the_card_is_in_print(mover: Mover) -> None:
    mother = mover.family.mother
    code = mover.propose()
    mover.stage(mother, "card_ordered")
    with pytest.raises(CardInPrint):
        mover.propose()
    with pytest.raises(CardInPrint):
        mover.confirm(code)
    mover.stage(mother, "card_mailed")
    assert mover.confirm(code).state == "held"


def test_a_held_change_waits_until_a_card_that_an_agent_ordered_is_mailed(mover: Mover) -> None:
    change, _ = mover.change()
    mover.stage(mover.family.mother, "card_ordered")
    with a_day_later():
        assert not mover.apply(change)
        mover.stage(mover.family.mother, "card_mailed")
        assert mover.apply(change)


# -- the agent's word -----------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", [True, False])
def test_an_agent_decides_once_what_waits_for_one(mover: Mover, accepted: bool) -> None:
    change, _ = mover.change()
    with mover.database.write() as session:
        session.execute(update(AddressChange).values(state="review"))
    mover.stage(mover.family.mother, "in_review")
    with a_day_later():
        assert do_due(mover.database)["addresses"] == 0, "not by itself"
    for wanted in (True, False):
        with mover.database.write() as session:
            assert decide_address(session, change, "officer", accepted) is wanted
    assert mover.states() == ["applied" if accepted else "refused"]
    assert (mover.record() == HOME) == accepted
    with mover.database.read() as session:
        query = select(Landing.stage).where(Landing.person_id == mover.family.mother)
        assert session.scalar(query) == ("in_review" if accepted else "declared")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act.like("address.%"))
                                .order_by(AuditEntry.position.desc())).first()  # fmt: skip
    assert entry.act == ("address.applied" if accepted else "address.refused")
    assert newest_mail(mover.database).text.count("/undo/") == (1 if accepted else 0)


# -- the secret -----------------------------------------------------------------------------------


def test_after_a_rotation_the_same_door_is_found(mover: Mover) -> None:
    mover.change()
    rotated = Database(mover.database.url, Keys(NEW_SECRET, SECRET_KEY))
    try:
        with rotated.read() as session:
            old = session.scalars(select(AddressChange.place)).one()
        rotate(rotated)
        with rotated.read() as session:
            place = session.scalars(select(AddressChange.place)).one()
            assert place == place_index(
                session, Address(**{**HOME.to_json(), "street": "123 main street"})
            )
    finally:
        rotated.close()
    assert place != old
    alone = Database(mover.database.url, Keys(NEW_SECRET))
    try:
        with alone.read() as session:
            assert address_of(session, mover.family.mother) == HOME
    finally:
        alone.close()
