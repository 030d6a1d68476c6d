"""Who signs in gets a profile, and one for each child they act for, until it turns 18."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.identity.profiles import children_of, open_profiles
from bot.store import Application, Database, Profile
from tests.bot.identity.people import (
    add_client,
    add_rep,
    client_form,
    enter,
    newest_mail,
    send,
)
from tests.support.files import add_application, add_mandate, add_person, add_seat

DAY = datetime(2026, 6, 15, 12, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def on_that_day() -> Any:
    with time_machine.travel(DAY, tick=True):
        yield


def add_child(session: Any, application: Application, born: str, role: str = "dependant") -> int:
    child = add_person(session, birth_date=date.fromisoformat(born) if born else None)
    add_seat(session, application, child, role)
    return int(child.id)


def profiles(database: Database) -> dict[int, bool]:
    """Who has a profile, and whether they signed in themselves."""
    with database.read() as session:
        rows = session.scalars(select(Profile)).all()
    return {row.person_id: row.signed_in_at is not None for row in rows}


def children(database: Database, person_id: int) -> list[int]:
    with database.read() as session:
        return children_of(session, person_id)


def test_signing_in_opens_one_s_own_profile_once(
    database: Database, person_id: int, conversation: str
) -> None:
    assert profiles(database) == {}
    enter(database, conversation, send(database, conversation, client_form(101)))
    assert profiles(database) == {person_id: True}
    with database.read() as session:
        opened_at = session.scalar(select(Profile.opened_at))
    with time_machine.travel(DAY.replace(hour=20)), database.write() as session:
        open_profiles(session, person_id)
    with database.read() as session:
        again = session.scalars(select(Profile)).one()
    assert again.opened_at == opened_at
    assert again.signed_in_at > opened_at


def test_details_alone_open_no_profile(
    database: Database, person_id: int, conversation: str
) -> None:
    send(database, conversation, client_form(101))
    assert newest_mail(database).recipient == "p101@example.ca"
    assert profiles(database) == {}


def test_a_child_s_profile_is_opened_by_the_parent(database: Database) -> None:
    with database.write() as session:
        parent, application = add_client(session, 101)
        child = add_child(session, application, "2015-02-01")
        open_profiles(session, parent.id)
    assert profiles(database) == {parent.id: True, child: False}


@pytest.mark.parametrize(
    ("born", "acts"),
    [("2015-02-01", True), ("2008-06-16", True), ("2008-06-15", False), ("", False)],
    ids=["child", "eighteen tomorrow", "eighteen today", "no birth date"],
)
def test_one_acts_for_a_child_until_it_turns_eighteen(
    database: Database, born: str, acts: bool
) -> None:
    with database.write() as session:
        parent, application = add_client(session, 101)
        child = add_child(session, application, born)
    assert children(database, parent.id) == ([child] if acts else [])


def test_who_turns_eighteen_keeps_their_profile_and_leaves_the_parent(database: Database) -> None:
    with database.write() as session:
        parent, application = add_client(session, 101)
        child = add_child(session, application, "2008-06-16")
        open_profiles(session, parent.id)
    assert children(database, parent.id) == [child]
    with time_machine.travel(datetime(2026, 6, 16, 0, 1, tzinfo=timezone.utc)):
        assert children(database, parent.id) == []
        with database.write() as session:
            open_profiles(session, parent.id)
    assert profiles(database) == {parent.id: True, child: False}


def test_only_the_principal_applicant_acts_for_the_children(database: Database) -> None:
    with database.write() as session:
        parent, application = add_client(session, 101)
        child = add_child(session, application, "2015-02-01")
        sponsor = add_child(session, application, "1980-02-01", role="sponsor")
        spouse = add_child(session, application, "1985-02-01")
    assert children(database, parent.id) == [child]
    assert children(database, sponsor) == children(database, spouse) == []


def test_a_representative_opens_no_child_s_profile(database: Database) -> None:
    with database.write() as session:
        rep, application = add_rep(session, 101)
        add_mandate(session, application, rep)
        add_child(session, application, "2015-02-01")
        open_profiles(session, rep.id)
    assert profiles(database) == {rep.id: True}


def test_a_child_of_another_application_is_not_theirs(database: Database) -> None:
    with database.write() as session:
        parent, _ = add_client(session, 101)
        add_child(session, add_application(session), "2015-02-01")
    assert children(database, parent.id) == []


def test_a_child_on_two_applications_is_one_child(database: Database) -> None:
    with database.write() as session:
        parent, application = add_client(session, 101)
        child = add_person(session, birth_date=date(2015, 2, 1))
        other = add_application(session)
        add_seat(session, other, parent)
        for file in (application, other):
            add_seat(session, file, child, "dependant")
    assert children(database, parent.id) == [child.id]
