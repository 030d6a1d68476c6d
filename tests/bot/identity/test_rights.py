"""Who may read which application; anything not said is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.clock import today
from bot.identity.rights import Grant, readable_applications
from bot.store import Application, Database, Mandate, Participant, Person

MOMENT = datetime(2026, 1, 1, tzinfo=timezone.utc)
YEAR = timedelta(days=365)


def file(database: Database, role: str, mandate: dict[str, Any] | None = None) -> tuple[int, int]:
    """A file with one person in `role`; returns (application, person)."""
    with database.write() as session:
        person = Person(uci="00000101", family_name="A", given_names="B", language="en",
                        as_of=MOMENT)  # fmt: skip
        application = Application(number="F000000101", line="family_spouse", overall="received",
                                  received_on=date(2026, 1, 1), updated_on=date(2026, 1, 1),
                                  as_of=MOMENT, fingerprint=b"x" * 16)  # fmt: skip
        session.add_all([person, application])
        session.flush()
        key = {"application_id": application.id, "person_id": person.id}
        session.add(Participant(**key, role=role))
        if mandate:
            session.add(Mandate(**{"scope": "all", **key, **mandate}))
        return int(application.id), int(person.id)


def grants(database: Database, person_id: int) -> list[Grant]:
    with database.read() as session:
        return readable_applications(session, person_id)


@pytest.mark.parametrize("role", ["principal_applicant", "dependant"])
def test_people_of_the_file_read_it_whole(database: Database, role: str) -> None:
    application, person = file(database, role)
    assert grants(database, person) == [Grant(application, full=True)]


def test_a_sponsor_reads_how_it_stands_overall(database: Database) -> None:
    application, person = file(database, "sponsor")
    assert grants(database, person) == [Grant(application, full=False)]


@pytest.mark.parametrize(
    ("role", "form"), [("representative", "IMM5476"), ("designated_person", "IMM5475")]
)
def test_a_mandate_in_force_opens_the_file(database: Database, role: str, form: str) -> None:
    application, person = file(database, role, {"form": form, "signed_on": today() - YEAR})
    assert grants(database, person) == [Grant(application, full=True)]


def test_a_mandate_for_the_status_only_opens_no_section(database: Database) -> None:
    mandate = {"form": "IMM5475", "signed_on": today() - YEAR, "scope": "status_only"}
    application, person = file(database, "designated_person", mandate)
    assert grants(database, person) == [Grant(application, full=False)]


@pytest.mark.parametrize(
    "mandate",
    [
        None,
        {"form": "IMM5475", "signed_on": date(2020, 1, 1)},
        {"form": "IMM5476", "signed_on": today() + YEAR},
        {"form": "IMM5476", "signed_on": today() - YEAR, "valid_until": today() - timedelta(1)},
        {"form": "IMM5476", "signed_on": today() - YEAR, "cancelled_on": today()},
    ],
    ids=["none", "other form", "not yet", "expired", "cancelled"],
)
def test_a_representative_without_a_mandate_in_force_reads_nothing(
    database: Database, mandate: dict[str, Any] | None
) -> None:
    _, person = file(database, "representative", mandate)
    assert grants(database, person) == []


def test_an_unknown_role_reads_nothing(database: Database) -> None:
    _, person = file(database, "friend")
    assert grants(database, person) == []
