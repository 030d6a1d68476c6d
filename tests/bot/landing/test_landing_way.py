"""A family of four goes from approval to four confirmations, with a returned photo, a correction
and an absence; a representative is refused at each of the steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from bot.addresses.changes import Asking, propose
from bot.chat.conversations import open_conversation
from bot.clock import now, today
from bot.landing import due, reviewing, steps
from bot.landing.addressing import confirm_address, undo_address
from bot.landing.confirming import NoConfirmation, download
from bot.landing.declaration import CannotDeclare, Declaration, parse_declaration
from bot.landing.due import do_due
from bot.landing.moving import IllegalMove, here, stage_of
from bot.landing.photos import (
    find_link,
    keep_photo,
    make_link,
    may_send,
    new_token,
    own_photo,
    use_link,
)
from bot.landing.reading import standing_of, standings
from bot.rights.authorize import NotAllowed
from bot.store import (
    AuditEntry,
    Database,
    Landing,
    LandingMove,
    Outbound,
    Photo,
    PostalAddress,
)
from tests.bot.identity.people import PUBLIC_URL, code_in
from tests.bot.landing.family import HOME, OTHER_HOME, Family, add_family, by
from tests.bot.landing.giving import GOOD

HERE = Declaration("Ottawa", "ON", date(2024, 5, 1))


class Way:
    """One family and the acts of its members, each in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            self.family: Family = add_family(session, "not_invited")
            self.conversation = open_conversation(session, "web", "en")

    def act(self, step: Any, member: int, actor: int, *rest: Any) -> Any:
        with self.database.write() as session:
            place = self.family.place(member)
            return step(session, place, by(actor, self.conversation), *rest)

    def stage(self, member: int) -> str | None:
        with self.database.read() as session:
            return stage_of(session, self.family.place(member))

    def newest_mail(self) -> Outbound:
        with self.database.read() as session:
            return session.scalars(select(Outbound).order_by(Outbound.id.desc()).limit(1)).one()

    def give_address(self, member: int, actor: int, address: Any = HOME) -> str:
        """Returns the token that undoes it."""
        with self.database.write() as session:
            propose(session, Asking(actor, member, self.conversation), address, PUBLIC_URL)
        code = code_in(self.newest_mail())
        with self.database.write() as session:
            done = confirm_address(session, actor, self.conversation, code, PUBLIC_URL)
        assert done.person_id == member
        return self.newest_mail().text.rpartition("/undo/")[2].split()[0].rstrip(".")

    def give_photo(self, member: int, actor: int) -> None:
        self.act(may_send, member, actor)
        photo = self.act(keep_photo, member, actor, GOOD)
        self.act(steps.give_photo, member, actor, photo)

    def all_the_way(self, member: int, actor: int) -> None:
        self.act(steps.agree, member, actor)
        self.act(steps.declare, member, actor, HERE)
        self.give_address(member, actor)
        self.give_photo(member, actor)

    def accept(self, member: int) -> str:
        with self.database.write() as session:
            return reviewing.accept(session, self.family.place(member), "officer")


@pytest.fixture
def way(database: Database) -> Iterator[Way]:
    with time_machine.travel(now(), tick=True):
        yield Way(database)


def later(**how: float) -> time_machine.travel:
    return time_machine.travel(now() + timedelta(**how), tick=True)


def test_a_family_of_four_gets_four_confirmations(way: Way) -> None:
    family, database = way.family, way.database
    members = {family.mother: family.mother, family.father: family.father,
               family.son: family.mother, family.daughter: family.mother}  # fmt: skip
    assert do_due(database)["invitations"] == 4
    assert do_due(database)["invitations"] == 0
    for member, actor in members.items():
        way.all_the_way(member, actor)
        assert way.stage(member) == "in_review"
    _return_a_photo(way)
    _leave_and_come_back(way)
    numbers = {member: way.accept(member) for member in members}
    assert len(set(numbers.values())) == 4
    _correct(way, numbers)
    printed = {m: way.act(download, m, actor, True) for m, actor in members.items()}
    assert [p.given_names for p in printed.values()] == ["Amina", "Karim", "Sami", "Lina"]
    assert printed[family.father].family_name == "Trembley"
    assert [p.signs_self for p in printed.values()] == [True, True, True, False]
    assert printed[family.daughter].guardian == "Amina Tremblay"
    assert all(p.address_lines == HOME.lines("en") for p in printed.values())
    assert do_due(database)["cards"] == 0, "a day to look it over, and the address is held"
    with later(hours=25):
        found = do_due(database)
        assert (found["addresses"], found["cards"]) == (4, 4)
    assert {way.stage(m) for m in members} == {"card_ordered"}
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(PostalAddress)) == 4


def _return_a_photo(way: Way) -> None:
    mother, place = way.family.mother, way.family.place(way.family.mother)
    with way.database.write() as session:
        reviewing.send_back(session, place, "officer", "photo", "not_recent")
    with way.database.read() as session:
        standing = standing_of(session, mother)
    assert standing is not None
    assert (standing.stage, standing.to_do) == ("returned", "give_photo")
    assert standing.returned == ("photo", "not_recent")
    with pytest.raises(steps.NotNow):
        way.act(steps.declare, mother, mother, HERE)
    way.give_photo(mother, mother)
    assert way.stage(mother) == "in_review"
    with way.database.read() as session:
        photos = select(func.count()).select_from(Photo).where(Photo.person_id == mother)
        assert session.scalar(photos) == 1, "the returned one is gone"


def _leave_and_come_back(way: Way) -> None:
    father = way.family.father
    assert way.act(steps.report_abroad, father, father) == "on_hold"
    with pytest.raises(IllegalMove):
        way.accept(father)
    way.act(steps.come_back, father, father)
    way.act(steps.declare, father, father, HERE)
    assert way.stage(father) == "in_review", "address and photo are on file"


def _correct(way: Way, numbers: dict[int, str]) -> None:
    father, place = way.family.father, way.family.place(way.family.father)
    way.act(steps.report_error, father, father, "My name is Trembley")
    with way.database.write() as session:
        (reported,) = reviewing.reported(session)
        assert (reported.said, reported.confirmation) == ("My name is Trembley", numbers[father])
        corrected = reviewing.correct(session, place, "officer", {"family_name": "Trembley"})
        assert corrected != numbers[father]
        assert reviewing.reported(session) == []


def test_a_representative_is_refused_at_each_step(way: Way) -> None:
    family, rep = way.family, way.family.representative
    do_due(way.database)
    refused = {
        "agree": lambda: way.act(steps.agree, family.mother, rep),
        "decline": lambda: way.act(steps.decline, family.mother, rep),
        "abroad": lambda: way.act(steps.report_abroad, family.mother, rep),
        "declare": lambda: way.act(steps.declare, family.mother, rep, HERE),
        "photo": lambda: way.act(may_send, family.mother, rep),
        "link": lambda: way.act(make_link, family.mother, rep, "token"),
        "address": lambda: way.give_address(family.mother, rep),
        "own address": lambda: way.give_address(rep, rep),
        "child": lambda: way.act(steps.agree, family.daughter, rep),
    }
    for name, attempt in refused.items():
        with pytest.raises(NotAllowed):
            attempt()
        assert way.stage(family.mother) == "invited", name
    way.all_the_way(family.mother, family.mother)
    with way.database.read() as session:
        photo = session.scalars(select(Photo.id)).one()
        assert standings(session, rep) == []
        with pytest.raises(NotAllowed):
            own_photo(session, rep, photo)
    way.accept(family.mother)
    for attempt in (download, steps.report_error):
        with pytest.raises(NotAllowed):
            way.act(attempt, family.mother, rep, "x")


def test_who_declines_is_not_asked_again(way: Way) -> None:
    do_due(way.database)
    way.act(steps.decline, way.family.mother, way.family.mother)
    assert do_due(way.database)["invitations"] == 0
    assert way.stage(way.family.mother) == "not_invited"


@pytest.mark.parametrize(
    ("change", "reason"), [({"in_canada": "no"}, "abroad"), ({"nothing_changed": "no"}, "changed")]
)
def test_a_no_never_lands(change: dict[str, str], reason: str) -> None:
    form = {"in_canada": "yes", "nothing_changed": "yes", "true": "yes", "city": "Ottawa",
            "province": "ON", "since": "2024-05-01"}  # fmt: skip
    assert parse_declaration(form).city == "Ottawa"
    with pytest.raises(CannotDeclare) as cannot:
        parse_declaration({**form, **change})
    assert cannot.value.reason == reason


def test_undoing_the_address_asks_for_it_again(way: Way) -> None:
    family = way.family
    do_due(way.database)
    way.act(steps.agree, family.mother, family.mother)
    way.act(steps.declare, family.mother, family.mother, HERE)
    token = way.give_address(family.mother, family.mother)
    assert way.stage(family.mother) == "address_given"
    with way.database.write() as session:
        assert undo_address(session, token)
        assert not undo_address(session, token)
    assert way.stage(family.mother) == "declared"
    with later(hours=25):
        assert do_due(way.database)["addresses"] == 0


def test_the_upload_address_works_once_and_for_half_an_hour(way: Way) -> None:
    mother = way.family.mother
    do_due(way.database)
    way.act(steps.agree, mother, mother)
    way.act(steps.declare, mother, mother, HERE)
    way.give_address(mother, mother, OTHER_HOME)
    old, token = new_token(), new_token()
    for link in (old, token):
        way.act(make_link, mother, mother, link)
    with way.database.read() as session:
        assert find_link(session, old) is None, "a newer one ends it"
        assert find_link(session, token) is not None
    with later(minutes=31), way.database.read() as session:
        assert find_link(session, token) is None
    photo = way.act(keep_photo, mother, mother, GOOD)
    for wanted in (True, False):
        with way.database.write() as session:
            assert use_link(session, token, photo, by(mother, way.conversation)) is wanted
    assert way.stage(mother) == "in_review"


def test_a_confirmation_can_be_downloaded_for_thirty_days_and_each_time_is_audited(
    way: Way,
) -> None:
    mother = way.family.mother
    do_due(way.database)
    way.all_the_way(mother, mother)
    way.accept(mother)
    way.act(download, mother, mother, True)
    with later(days=29):
        way.act(download, mother, mother, True)
    with later(days=31), pytest.raises(NoConfirmation):
        way.act(download, mother, mother, True)
    with way.database.read() as session:
        told = select(func.count()).where(AuditEntry.act == "ecopr.downloaded")
        assert session.scalar(told) == 2


def test_without_an_address_two_reminders_come_before_the_180_days_are_over(way: Way) -> None:
    family, database = way.family, way.database
    with database.write() as session:
        for member in (family.mother, family.father, family.son, family.daughter):
            where = here(Landing, family.place(member))
            session.execute(
                update(Landing).where(*where).values(stage="confirmed", changed_on=today())
            )
    reminders = []
    for day in (100, 121, 122, 166, 170, 181):
        with later(days=day):
            reminders.append(do_due(database)["reminders"])
    assert reminders == [0, 4, 0, 4, 0, 0]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(LandingMove)) == 8


def test_who_waits_keeps_nobody_else_from_the_card_or_the_reminder(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One place in a batch; the first in it has reported an error, or was reminded already."""
    monkeypatch.setattr(due, "BATCH", 1)
    family, database = way.family, way.database
    for _ in range(4):
        do_due(database)
    for member in (family.mother, family.father):
        way.all_the_way(member, member)
        way.accept(member)
    way.act(steps.report_error, family.mother, family.mother, "wrong")
    with later(hours=25):
        cards = [do_due(database)["cards"] for _ in range(3)]
    assert sum(cards) == 1
    assert way.stage(family.father) == "card_ordered" and way.stage(family.mother) == "confirmed"
    with database.write() as session:
        for child in (family.son, family.daughter):
            where = here(Landing, family.place(child))
            values = {"stage": "confirmed", "changed_on": today() - timedelta(days=130)}
            session.execute(update(Landing).where(*where).values(**values))
    assert [do_due(database)["reminders"] for _ in range(3)] == [1, 1, 0]
