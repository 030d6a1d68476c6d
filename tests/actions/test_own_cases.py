"""What each kind of reader is told of a case in a conversation, from live rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.clock import today
from bot.store import (
    AuditEntry,
    Database,
    Landing,
    Mandate,
    Participant,
    Requirement,
    Section,
)
from bot.texts import LANGUAGES, say
from tests.support.acting import ActionTalk, action_of, everything
from tests.support.files import DAY, add_seat
from tests.support.standing import CHILD, GROWN, Family

CASE_QUESTIONS = [
    "check_status", "check_section", "check_next_steps", "check_history", "ask_ghost_update",
    "ask_no_movement", "ask_processing_time", "report_overdue",
]  # fmt: skip


class House:
    """A family whose file holds something of everything."""

    def __init__(self, session: Any, **application: Any) -> None:
        self.family = Family(session, overall="in_progress", acknowledged_on=DAY, **application)
        number = self.family.application.id
        session.add(Section(application_id=number, code="eligibility", status="in_progress",
                            changed_on=DAY))  # fmt: skip
        self.principal = self.family.principal
        self.ask(session, self.principal, "passport")

    def ask(self, session: Any, person: Any, code: str) -> None:
        row = {"application_id": self.family.application.id, "person_id": person.id}
        session.add(Requirement(code=code, asked_on=DAY, **row))
        session.flush()


async def told(talk: ActionTalk, *questions: str) -> str:
    return everything([line for q in questions for line in await talk.mean(q)])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", CASE_QUESTIONS)
async def test_without_consent_every_question_is_answered_with_the_sponsors_own_part(
    database: Database, question: str, language: str
) -> None:
    with database.write() as session:
        house = House(session)
        sponsor = house.family.sponsor()
        house.ask(session, sponsor, "proof_of_relationship")
    text = await told(ActionTalk(database, language, sponsor.id), question)
    assert say(language, "case.consent_needed") in text
    assert say(language, "case.overall.in_progress") not in text
    assert "Passport" not in text and "Passeport" not in text
    assert '"card"' not in text


@pytest.mark.parametrize("question", CASE_QUESTIONS)
async def test_a_form_for_the_status_only_gets_the_status_for_every_question(
    database: Database, question: str
) -> None:
    with database.write() as session:
        house = House(session)
        viewer = house.family.mandated("designated_person", "status_only")
    text = await told(ActionTalk(database, "en", viewer.id), question)
    assert say("en", "case.coarse_only") in text
    assert "Eligibility" not in text and "Passport" not in text and '"card"' not in text


@pytest.mark.parametrize(("language", "words"), [("en", "(for Amara)"), ("fr", "(pour Amara)")])
async def test_with_consent_the_sponsor_reads_the_sponsored_persons_requests(
    database: Database, language: str, words: str
) -> None:
    with database.write() as session:
        house = House(session)
        house.principal.details = {**house.principal.details, "given_names": "Amara"}
        sponsor = house.family.sponsor(consent=True)
    assert words in await told(ActionTalk(database, language, sponsor.id), "check_next_steps")


async def test_a_form_that_is_cancelled_in_the_middle_ends_the_answers_at_once(
    database: Database,
) -> None:
    with database.write() as session:
        house = House(session)
        viewer = house.family.mandated("representative")
    talk = ActionTalk(database, "en", viewer.id)
    assert "Eligibility" in await told(talk, "check_status")
    assert "Eligibility" in await told(talk, "repeat"), "while the form is in force"
    with database.write() as session:
        session.execute(update(Mandate).values(cancelled_on=today()))
    for question in ("repeat", *CASE_QUESTIONS):
        assert await told(talk, question) == everything(
            [{"text": say("en", "talk.no_case"), "lang": "en", "choices": []}]
        )


async def test_what_was_told_with_more_rights_is_not_repeated_with_fewer(
    database: Database,
) -> None:
    with database.write() as session:
        house = House(session)
        viewer = house.family.mandated("representative")
    talk = ActionTalk(database, "en", viewer.id)
    await told(talk, "check_status")
    with database.write() as session:
        session.execute(update(Mandate).values(scope="status_only"))
    assert "Eligibility" not in await told(talk, "repeat")


async def test_what_everybody_may_read_can_be_repeated_by_anybody(database: Database) -> None:
    talk = ActionTalk(database, "en")
    first = await told(talk, "ask_records")
    assert await told(talk, "repeat") == first


async def test_withdrawn_consent_counts_at_once(database: Database) -> None:
    with database.write() as session:
        house = House(session)
        sponsor = house.family.sponsor(consent=True)
    talk = ActionTalk(database, "en", sponsor.id)
    assert "Eligibility" in await told(talk, "check_status")
    with database.write() as session:
        session.execute(update(Participant).values(consent_on=None))
    assert say("en", "case.consent_needed") in await told(talk, "check_status")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_only_those_who_land_are_told_of_their_landing(
    database: Database, language: str
) -> None:
    with database.write() as session:
        family = Family(session, overall="closed")
        people = [family.principal, family.dependant(GROWN)]
        helpers = [
            family.mandated("representative"),
            family.mandated("designated_person", party_id="80000001"),
            family.sponsor(consent=True),
        ]
        for person in (*people, *helpers):  # the helpers' rows ought not to be there
            row = {"application_id": family.application.id, "person_id": person.id}
            session.add(Landing(stage="invited", changed_on=DAY, **row))
    sentence = say(language, "case.landing.invited")
    for person in people:
        assert sentence in await told(ActionTalk(database, language, person.id), "check_status")
    for helper in helpers:
        talk = ActionTalk(database, language, helper.id)
        for question in sorted(action_of()):
            assert sentence not in await told(talk, question), question
            talk.sign_in_again()


async def test_of_several_cases_each_keeps_its_own_level(database: Database) -> None:
    with database.write() as session:
        house, other = House(session), House(session)
        person = house.principal
        add_seat(session, other.family.application, person, "sponsor")
        numbers = [h.family.application.number for h in (house, other)]
    talk = ActionTalk(database, "en", person.id)
    assert "Which one?" in await told(talk, "check_status")
    labels = [choice["entities"]["application"] for choice in talk.offered]
    assert sorted(labels) == sorted(numbers)
    own = everything(await talk.mean("check_status", {"application": numbers[0]}))
    sponsored = everything(await talk.mean("check_status", {"application": numbers[1]}))
    assert "Eligibility" in own
    assert "Eligibility" not in sponsored and say("en", "case.consent_needed") in sponsored


async def test_a_number_that_is_not_ones_own_opens_nothing(database: Database) -> None:
    with database.write() as session:
        mine, other = House(session), House(session)
        number = other.family.application.number
    talk = ActionTalk(database, "en", mine.principal.id)
    lines = await talk.mean("check_status", {"application": number})
    assert [line["text"] for line in lines] == [say("en", "talk.no_case")]


async def test_a_line_that_the_trackers_do_not_show_is_not_shown(database: Database) -> None:
    with database.write() as session:
        house = House(session, line="citizenship_certificate")
    text = await told(ActionTalk(database, "en", house.principal.id), "check_status")
    assert say("en", "talk.no_case") in text


async def test_every_disclosure_is_written_down_with_how_far_it_went(database: Database) -> None:
    with database.write() as session:
        house = House(session)
        family = house.family
        viewers = {
            "detail": family.principal.id,
            "own_part": family.sponsor().id,
            "status": family.mandated("representative", "status_only").id,
        }
    for person in viewers.values():
        await told(ActionTalk(database, "en", person), "check_history")
    with database.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.act == "case.disclosed")).all()
    assert {row.detail["level"]: row.person_id for row in rows} == viewers
    assert all(row.detail["question"] == "check_history" for row in rows)


async def test_a_child_of_18_is_no_longer_told_about_to_the_parent(database: Database) -> None:
    with database.write() as session:
        house = House(session)
        child = house.family.dependant(CHILD, given_names="Léa")
        house.ask(session, child, "biometrics")
    talk = ActionTalk(database, "en", house.principal.id)
    assert "(for Léa)" in await told(talk, "check_next_steps")
    with database.write() as session:
        child = session.merge(child)
        born = today() - timedelta(days=19 * 365)
        child.details = {**child.details, "birth_date": born.isoformat()}
    text = await told(talk, "check_next_steps")
    assert "Léa" not in text and say("en", "case.others_waiting") in text
