"""Which application a person may read, how far, and whose requests with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from bot.clock import today
from bot.rights.readable import Grant, readable_applications
from bot.store import Database, Mandate
from tests.support.files import add_person, add_seat
from tests.support.standing import CHILD, GROWN, Family

YEAR = timedelta(days=365)


def grants(session: Any, person: Any) -> list[tuple[int, str, frozenset[int]]]:
    found = readable_applications(session, person.id)
    return [(grant.application_id, grant.level, grant.about) for grant in found]


def test_applicants_and_dependants_read_it_whole_and_parents_with_their_children(
    database: Database,
) -> None:
    with database.write() as session:
        family = Family(session)
        child, grown, sponsor = family.dependant(CHILD), family.dependant(GROWN), family.sponsor()
        here = family.application.id
        assert grants(session, family.principal) == [(here, "detail", {child.id})]
        assert grants(session, grown) == [(here, "detail", frozenset())]
        assert grants(session, sponsor) == [(here, "own_part", frozenset())]


@pytest.mark.parametrize("role", ["representative", "designated_person"])
def test_a_form_for_everything_opens_the_case_of_those_who_signed(
    database: Database, role: str
) -> None:
    with database.write() as session:
        family = Family(session)
        child, _ = family.dependant(CHILD), family.dependant(GROWN)
        family.sponsor()
        viewer = family.mandated(role)
        about = {family.principal.id, child.id}
        assert grants(session, viewer) == [(family.application.id, "detail", about)]


def test_consent_opens_the_sponsored_persons_part(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        sponsor = family.sponsor(consent=True)
        about = {family.principal.id}
        assert grants(session, sponsor) == [(family.application.id, "detail", about)]


@pytest.mark.parametrize("role", ["representative", "designated_person"])
def test_a_form_for_the_status_only_opens_nothing_more(database: Database, role: str) -> None:
    with database.write() as session:
        family = Family(session)
        family.dependant(CHILD)
        viewer = family.mandated(role, "status_only")
        assert grants(session, viewer) == [(family.application.id, "status", frozenset())]


@pytest.mark.parametrize(
    "values",
    [
        {"form": "IMM5475"},
        {"signed_on": today() + YEAR},
        {"valid_until": today() - timedelta(1)},
        {"cancelled_on": today()},
    ],
    ids=["other form", "not yet", "expired", "cancelled"],
)
def test_a_form_that_is_not_in_force_opens_nothing(
    database: Database, values: dict[str, Any]
) -> None:
    with database.write() as session:
        family = Family(session)
        viewer = family.mandated("representative")
        session.execute(update(Mandate).values(**values))
        assert grants(session, viewer) == []


def test_whoever_stands_on_no_application_or_in_an_unknown_role_reads_nothing(
    database: Database,
) -> None:
    with database.write() as session:
        family = Family(session)
        friend = family.join("friend")
        assert grants(session, friend) == []
        assert grants(session, add_person(session)) == []


def test_several_applications_come_newest_first_each_with_its_own_level(
    database: Database,
) -> None:
    with database.write() as session:
        first, second, third = (Family(session) for _ in range(3))
        person = first.principal
        add_seat(session, second.application, person, "sponsor")
        assert readable_applications(session, person.id) == [
            Grant(second.application.id, "own_part"),
            Grant(first.application.id, "detail"),
        ]
        assert grants(session, third.principal) == [(third.application.id, "detail", frozenset())]


def test_many_applications_take_as_many_queries_as_one(database: Database) -> None:
    with database.write() as session:
        one = Family(session)
        viewer = one.mandated("representative")
        for _ in range(8):
            other = Family(session)
            other.dependant(CHILD)
            add_seat(session, other.application, viewer, "sponsor", today())
    seen: list[str] = []
    with database.read() as session:
        session.connection()
        event.listen(database.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        assert len(readable_applications(session, viewer.id)) == 9
    assert len(seen) == 3
