"""A change of address counts once, a day after a code of its very own confirmed it, or never."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

from bot.addresses import Address
from bot.addresses.changes import (
    Asking,
    CardInPrint,
    Confirmed,
    NothingProposed,
    confirm,
    propose,
)
from bot.addresses.holding import apply, due_changes, undo
from bot.addresses.record import address_of
from bot.addresses.sharing import place_index
from bot.answers.landing import landing_answer
from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.identity.codes import MAX_TRIES, make_code
from bot.landing.addressing import decide_address
from bot.landing.due import do_due
from bot.landing.reading import standing_of
from bot.notices.wishes import Wishes, choose
from bot.rights.authorize import NotAllowed
from bot.rotation import rotate
from bot.store import (
    AddressChange,
    AuditEntry,
    Challenge,
    Database,
    Landing,
    Outbound,
    Person,
    PostalAddress,
)
from bot.store.keys import Keys
from bot.texts.dates import long_moment
from tests.bot.identity.people import PUBLIC_URL, code_in, newest_mail, wrong
from tests.bot.landing.family import (
    HOME,
    OTHER_HOME,
    Family,
    add_family,
    changes_of,
    give_record_address,
)
from tests.conftest import SECRET_KEY

NEW_SECRET = "pO6zYp3N1wq7tQ0bXr5vJm8cLk2dHs4aGf9eUyTiRwE1nZxV"


class Mover:
    """The family, a conversation in which the mother is signed in, and what she does there."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            self.family: Family = add_family(session, "declared")
            self.here = open_conversation(session, "web", "en")
            self.there = open_conversation(session, "web", "en")

    def propose(
        self, address: Address = HOME, person: int = 0, by: int = 0, where: str = ""
    ) -> str:
        """Returns the code that was mailed."""
        by = by or self.family.mother
        with self.database.write() as session:
            propose(session, Asking(by, person or by, where or self.here), address, PUBLIC_URL)
        return code_in(newest_mail(self.database))

    def confirm(self, code: str, by: int = 0, where: str = "") -> Confirmed:
        with self.database.write() as session:
            by = by or self.family.mother
            return confirm(session, where or self.here, by, code, PUBLIC_URL)

    def change(self, address: Address = HOME, person: int = 0) -> tuple[str, str]:
        """A confirmed change: its id, and the token that undoes it."""
        done = self.confirm(self.propose(address, person))
        assert done.change_id and done.state == "held"
        text = newest_mail(self.database).text
        return done.change_id, text.rpartition("/undo/")[2].split()[0].rstrip(".")

    def undo(self, token: str) -> int | None:
        with self.database.write() as session:
            return undo(session, token)

    def apply(self, change_id: str) -> bool:
        with self.database.write() as session:
            return apply(session, change_id)

    def record(self, person: int = 0) -> Address | None:
        with self.database.read() as session:
            row = session.get(PostalAddress, person or self.family.mother)
            return Address.from_json(row.value) if row else None

    def states(self, person: int = 0) -> list[str]:
        return [c.state for c in changes_of(self.database, person or self.family.mother)]

    def acts(self) -> list[str]:
        with self.database.read() as session:
            query = select(AuditEntry.act).where(AuditEntry.act.like("address.%"))
            return list(session.scalars(query.order_by(AuditEntry.position)))

    def stage(self, person: int, stage: str) -> None:
        with self.database.write() as session:
            session.execute(update(Landing).where(Landing.person_id == person).values(stage=stage))


@pytest.fixture
def mover(database: Database) -> Iterator[Mover]:
    with time_machine.travel(now(), tick=True):
        yield Mover(database)


def a_day_later() -> time_machine.travel:
    return time_machine.travel(now() + timedelta(hours=24, seconds=1), tick=True)


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
