"""A legal hold keeps what it is about, now and later, and is itself on record."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.retention.holding import UnknownApplication, hold, is_on_hold
from bot.retention.purge import purge
from bot.store import AuditEntry, Conversation, Database
from tests.bot.retention.leftovers import add_talk, later
from tests.support.files import add_application, add_person, add_seat

NUMBER = "F000000321"


@pytest.fixture
def talks(database: Database) -> dict[str, str]:
    """Conversations of the two people of the application, of somebody else and of nobody."""
    with database.write() as session:
        application, elsewhere = add_application(session, NUMBER), add_application(session)
        mother, father, other = (add_person(session) for _ in range(3))
        add_seat(session, application, mother)
        add_seat(session, application, father, "sponsor")
        add_seat(session, elsewhere, other)
        people = {"mother": mother, "father": father, "other": other, "nobody": None}
        return {name: add_talk(session, person) for name, person in people.items()}


def put(database: Database, number: str, on: bool) -> int:
    with database.write() as session:
        return hold(session, number, on)


def held(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.scalars(select(Conversation.id).where(Conversation.on_hold.is_(True))))


def test_a_hold_is_on_all_people_of_the_application_and_nobody_else(
    database: Database, talks: dict[str, str]
) -> None:
    assert put(database, "f 000-000-321", True) == 2
    assert held(database) == {talks["mother"], talks["father"]}
    with database.read() as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.act == "retention.hold")).one()
    assert row.application_id is not None
    assert row.detail == {"on": True, "count": 2}


def test_a_hold_covers_what_the_person_says_later(
    database: Database, talks: dict[str, str]
) -> None:
    put(database, NUMBER, True)
    with database.write() as session:
        mother = session.get(Conversation, talks["mother"]).person_id
        newer = add_talk(session)
        session.get(Conversation, newer).person_id = mother
    with database.read() as session:
        assert is_on_hold(session, newer, mother)
        assert is_on_hold(session, talks["mother"], None)
        assert not is_on_hold(session, talks["other"], None)
        assert not is_on_hold(session, talks["nobody"], None)
    with later(days=100) as moment:
        purge(database, moment)
    with database.read() as session:
        left = set(session.scalars(select(Conversation.id)))
    assert left == {talks["mother"], talks["father"], newer}


def test_a_lifted_hold_lets_go(database: Database, talks: dict[str, str]) -> None:
    put(database, NUMBER, True)
    assert put(database, NUMBER, False) == 2
    assert held(database) == set()
    with later(days=100) as moment:
        assert purge(database, moment)["conversations"] == 4


@pytest.mark.parametrize("number", ["F000000999", "what?", ""])
def test_an_unknown_application_is_refused(
    database: Database, talks: dict[str, str], number: str
) -> None:
    with pytest.raises(UnknownApplication):
        put(database, number, True)
    assert held(database) == set()
