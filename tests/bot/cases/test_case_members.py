"""Whose requests are shown with a case, and what of it stays hidden from whom."""

from __future__ import annotations

from dataclasses import astuple, fields
from datetime import date, timedelta
from typing import Any

import pytest

from bot.cases.reading import CaseView, OwnPartView, read_case, read_own_part
from bot.clock import today
from bot.rights.readable import readable_applications
from bot.store import Database, History, Landing, Requirement
from tests.support.files import DAY
from tests.support.standing import CHILD, GROWN, Family

ASKED = DAY + timedelta(days=9)


def ask(session: Any, family: Family, person: Any, code: str, *, named: bool = True) -> None:
    """Ask something of the person, and write so into the history, with or without their name."""
    row = {"application_id": family.application.id, "person_id": person.id}
    session.add(Requirement(code=code, asked_on=ASKED, **row))
    happened(session, family, "requirement_asked", code, person.id if named else None)


def happened(
    session: Any, family: Family, event: str, subject: str, person_id: int | None = None
) -> None:
    session.flush()
    position = session.query(History).count()
    session.add(
        History(
            application_id=family.application.id,
            position=position,
            on=ASKED,
            event=event,
            subject=subject,
            person_id=person_id,
        )
    )
    session.flush()


def land(session: Any, family: Family, person: Any, stage: str = "invited") -> None:
    session.add(
        Landing(
            application_id=family.application.id, person_id=person.id, stage=stage, changed_on=DAY
        )
    )
    session.flush()


def view(session: Any, family: Family, person: Any) -> CaseView:
    """The case as rights and reading show it together."""
    (grant,) = readable_applications(session, person.id)
    return read_case(session, family.application.id, person.id, today(), grant.about)


def shown(found: CaseView | OwnPartView) -> list[tuple[str, str | None]]:
    return [(item.code, item.whose) for item in found.requirements]


@pytest.mark.parametrize("named", [True, False], ids=["named events", "exported events"])
def test_a_parent_sees_what_is_asked_of_the_children_and_not_of_the_grown(
    database: Database, named: bool
) -> None:
    with database.write() as session:
        family = Family(session)
        lea = family.dependant(CHILD, given_names="Léa")
        ask(session, family, family.principal, "passport", named=named)
        ask(session, family, lea, "biometrics", named=named)
        ask(session, family, family.dependant(GROWN), "police_certificate", named=named)
        found = view(session, family, family.principal)
    assert shown(found) == [("biometrics", "Léa"), ("passport", None)]
    assert found.others_waiting
    assert [(e.subject, e.whose) for e in found.history] == [
        ("passport", None), ("biometrics", "Léa"),
    ]  # fmt: skip


@pytest.mark.parametrize("named", [True, False], ids=["named events", "exported events"])
def test_two_people_who_are_asked_the_same_on_the_same_day_are_told_apart(
    database: Database, named: bool
) -> None:
    with database.write() as session:
        family = Family(session)
        grown = family.dependant(GROWN)
        for person in (family.principal, grown):
            ask(session, family, person, "passport", named=named)
        for person in (family.principal, grown):
            found = view(session, family, person)
            assert shown(found) == [("passport", None)]
            assert [entry.whose for entry in found.history] == [None]
            assert found.others_waiting


def test_whoever_acts_for_the_applicant_sees_for_whom_it_is(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        family.principal.details = {**family.principal.details, "given_names": "Amara"}
        viewers = [
            family.mandated("representative"),
            family.mandated("designated_person", party_id="80000001"),
            family.sponsor(consent=True),
        ]
        ask(session, family, family.principal, "passport")
        happened(session, family, "requirement_met", "biometrics", family.principal.id)
        for viewer in viewers:
            found = view(session, family, viewer)
            assert shown(found) == [("passport", "Amara")]
            assert [e.whose for e in found.history] == ["Amara", "Amara"]
            assert not found.others_waiting


def test_events_that_are_about_nobody_are_shown_to_everybody(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        happened(session, family, "section", "eligibility")
        for viewer in (family.principal, family.mandated("representative")):
            assert [(e.subject, e.whose) for e in view(session, family, viewer).history] == [
                ("eligibility", None)
            ]


def test_without_a_grant_about_anybody_only_ones_own_is_shown(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        ask(session, family, family.dependant(CHILD), "passport")
        found = read_case(session, family.application.id, family.principal.id, today())
    assert (shown(found), found.history, found.others_waiting) == ([], (), True)


def test_a_sponsor_without_consent_reads_their_own_part_and_nothing_else(
    database: Database,
) -> None:
    with database.write() as session:
        family = Family(session, overall="in_progress", acknowledged_on=DAY)
        sponsor = family.sponsor()
        ask(session, family, family.principal, "passport")
        ask(session, family, sponsor, "proof_of_relationship")
        (grant,) = readable_applications(session, sponsor.id)
        found = read_own_part(session, family.application.id, sponsor.id, today())
        number = family.application.number
    assert grant.level == "own_part"
    assert astuple(found)[:4] == (number, "family_spouse", DAY, DAY)
    assert shown(found) == [("proof_of_relationship", None)]
    assert {field.name for field in fields(OwnPartView)} == {
        "number", "line", "received_on", "acknowledged_on", "requirements",
    }  # fmt: skip


def test_nobody_reads_the_own_part_of_a_file_on_which_they_do_not_stand(
    database: Database,
) -> None:
    with database.write() as session:
        here, there = Family(session), Family(session)
        with pytest.raises(LookupError):
            read_own_part(session, here.application.id, there.principal.id, date(2026, 3, 1))


def test_landing_is_read_by_those_who_land(database: Database) -> None:
    with database.write() as session:
        family = Family(session, overall="closed")
        grown = family.dependant(GROWN)
        for person in (family.principal, grown):
            land(session, family, person)
            assert view(session, family, person).landing_stage == "invited"


def test_landing_on_the_file_of_somebody_who_only_helps_is_not_read(database: Database) -> None:
    """No importer writes such a row; if one stood there all the same, it must not be told."""
    with database.write() as session:
        family = Family(session, overall="closed")
        land(session, family, family.principal)
        for viewer in (
            family.mandated("representative"),
            family.mandated("designated_person", party_id="80000001"),
            family.sponsor(consent=True),
        ):
            assert view(session, family, viewer).landing_stage is None
            land(session, family, viewer)
            assert view(session, family, viewer).landing_stage is None
