"""Landing in the chat: the own stage and its step for who is signed in, general words otherwise,
and nothing at all of it for a representative, whatever is meant."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from actions.landing import LANDING_QUESTIONS
from bot.answers.help import answers, help_answer
from bot.chat.turn import Turn, current_turn
from bot.landing import reviewing
from bot.landing.machine import STAGES
from bot.landing.moving import here, stage_of
from bot.landing.photos import find_link
from bot.store import AuditEntry, Conversation, Database, Landing
from bot.texts import LANGUAGES, say
from tests.bot.landing.family import Family, add_family
from tests.bot.landing.giving import give_all
from tests.support.acting import ActionTalk, everything, message_of


@pytest.fixture
def family(database: Database) -> Family:
    with database.write() as session:
        return add_family(session)


def put(database: Database, family: Family, stage: str) -> None:
    with database.write() as session:
        for row in session.scalars(
            select(Landing).where(Landing.application_id == family.application)
        ):
            row.stage = stage


def stage(database: Database, family: Family, member: int) -> str | None:
    with database.read() as session:
        return stage_of(session, family.place(member))


async def press(talk: ActionTalk, label: str) -> list[dict[str, Any]]:
    """The answer to the offered button with this label."""
    choice = next(c for c in talk.offered if c["label"] == label)
    return await talk.mean(choice["intent"], choice["entities"])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_stranger_gets_the_general_answer_and_the_way_to_the_own_one(
    database: Database, language: str
) -> None:
    for question in sorted(LANDING_QUESTIONS):
        talk = ActionTalk(database, language)
        (line,) = await talk.mean(question)
        assert line["text"] == help_answer(question, language).text
        person = ["handoff.button.person"] if question in answers().hand_over else []
        offered = [say(language, key) for key in ("landing.sign_in", *person)]
        assert [c["label"] for c in line["choices"]] == offered
        card = await press(talk, say(language, "landing.sign_in"))
        assert card[0]["card"] == {"kind": "identify", "product": "permanent_residence"}


WISHES = ("", "agree", "declare", "give_photo", "download", "error", "give_address", "come_back")


@pytest.mark.parametrize("question", sorted(LANDING_QUESTIONS))
async def test_a_representative_hears_nothing_of_it(
    database: Database, family: Family, question: str
) -> None:
    """At every stage, in both languages, with every wish that a button could carry."""
    talks = {lang: ActionTalk(database, lang, family.representative) for lang in LANGUAGES}
    for number, at in enumerate(STAGES):
        put(database, family, at)
        for language, talk in talks.items():
            wish = WISHES[(number + len(language) * (language == "fr")) % len(WISHES)]
            entities = {"wish": wish, "member": str(family.mother)} if wish else {}
            lines = await talk.mean(question, entities)
            assert [line["text"] for line in lines] == [help_answer(question, language).text]
            assert not any(line.get("card") or line["choices"] for line in lines)
        assert stage(database, family, family.mother) == at
    with database.read() as session:
        told = session.scalars(select(AuditEntry.act)).all()
    assert not any(act.startswith("landing.") for act in told)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("at", STAGES)
async def test_every_stage_has_a_sentence_a_stepper_and_a_way_on(
    database: Database, family: Family, language: str, at: str
) -> None:
    put(database, family, at)
    talk = ActionTalk(database, language, family.mother)
    line = (await talk.mean("start_landing"))[-1]
    card = line["card"]["landing"]
    assert len(card["steps"]) == 7
    states = [step["state"] for step in card["steps"]]
    assert states.count("now") + states.count("stopped") == (0 if at == "card_mailed" else 1)
    assert states == sorted(states, key=["done", "stopped", "now", "next"].index)
    assert card["now"] in line["text"]
    assert line["choices"], "there is always something to press"
    assert len(card["family"]) == 3, "herself and the two children, not the other adult"
    assert "Karim" not in everything([line])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_invitation_is_answered_by_a_button_and_leads_to_the_form(
    database: Database, family: Family, language: str
) -> None:
    talk = ActionTalk(database, language, family.mother)
    await talk.mean("start_landing")
    lines = await press(talk, say(language, "landing.button.agree"))
    assert lines[0]["text"] == say(language, "landing.done.agree")
    assert say(language, "landing.now.profile_ready") in lines[1]["text"]
    assert stage(database, family, family.mother) == "profile_ready"
    (form,) = await press(talk, say(language, "landing.button.declare"))
    assert form["card"]["kind"] == "declaration"
    assert len(form["card"]["member"]) == 32


async def test_a_step_whose_turn_is_lost_is_not_done(database: Database, family: Family) -> None:
    """What an action does is written with the turn's answer, or not at all."""
    talk = ActionTalk(database, "en", family.mother)
    current_turn.set(Turn(database, talk.id, "en"))
    wish = {"wish": "agree", "member": str(family.mother)}
    await talk._act(message_of("start_landing", wish, "", ()), CollectingDispatcher())
    assert stage(database, family, family.mother) == "invited"


@pytest.mark.parametrize("question", sorted(LANDING_QUESTIONS))
async def test_who_is_signed_in_hears_the_own_stage_with_every_question(
    database: Database, family: Family, question: str
) -> None:
    put(database, family, "in_review")
    talk = ActionTalk(database, "en", family.mother)
    lines = await talk.mean(question)
    kinds = {line["card"]["kind"] for line in lines if line.get("card")}
    if question == "update_address":
        assert kinds == {"address"}
    elif question == "report_outside_canada":
        assert stage(database, family, family.mother) == "on_hold"
    else:
        assert any(say("en", "landing.now.in_review") in line["text"] for line in lines)
    with database.read() as session:
        told = session.scalars(select(AuditEntry.act)).all()
    assert told.count("landing.disclosed") == 1


async def test_a_child_is_acted_for_and_another_adult_is_not(
    database: Database, family: Family
) -> None:
    talk = ActionTalk(database, "en", family.mother)
    lines = await talk.mean("start_landing", {"member": str(family.daughter), "wish": "agree"})
    assert "Lina" in lines[1]["text"]
    assert stage(database, family, family.daughter) == "profile_ready"
    await talk.mean("start_landing", {"member": str(family.father), "wish": "agree"})
    assert stage(database, family, family.father) == "invited"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("at", "wish", "kind"),
    [
        ("profile_ready", "declare", "declaration"),
        ("declared", "give_address", "address"),
        ("address_given", "give_photo", "photo"),
        ("confirmed", "download", "confirmation"),
        ("confirmed", "error", "error"),
    ],
)
async def test_each_step_has_its_form_for_oneself_and_for_a_child(
    database: Database, family: Family, language: str, at: str, wish: str, kind: str
) -> None:
    put(database, family, "in_review")
    with database.write() as session:
        for member in (family.mother, family.daughter):
            give_all(session, family.place(member))
            reviewing.accept(session, family.place(member), "officer")
    put(database, family, at)
    talk = ActionTalk(database, language, family.mother)
    for member, name in ((family.mother, None), (family.daughter, "Lina")):
        (line,) = await talk.mean("start_landing", {"wish": wish, "member": str(member)})
        assert (line["card"]["kind"], line["card"].get("name")) == (kind, name)
        assert line["text"] == say(language, f"landing.ask.{kind}")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_by_text_message_the_photo_gets_a_one_time_address(
    database: Database, family: Family, language: str
) -> None:
    put(database, family, "address_given")
    talk = ActionTalk(database, language, family.mother)
    with database.write() as session:
        session.get(Conversation, talk.id).channel = "sms"
    (line,) = await talk.mean("submit_photo")
    assert "card" not in line
    token = line["text"].partition(f"/{language}/upload/")[2].split()[0]
    with database.read() as session:
        link = find_link(session, token)
    assert link is not None and link.place == family.place(family.mother)


async def test_from_abroad_nothing_lands(database: Database, family: Family) -> None:
    put(database, family, "profile_ready")
    talk = ActionTalk(database, "en", family.mother)
    await talk.mean("report_outside_canada")
    assert stage(database, family, family.mother) == "outside_canada"
    lines = await talk.mean("start_landing", {"wish": "declare", "member": str(family.mother)})
    assert lines[0]["text"] == say("en", "landing.cannot.not_now")
    lines = await press(talk, say("en", "landing.button.come_back"))
    assert stage(database, family, family.mother) == "profile_ready"


async def test_somebody_without_a_landing_may_still_change_their_address(
    database: Database, family: Family
) -> None:
    with database.write() as session:
        session.query(Landing).filter(*here(Landing, family.place(family.mother))).delete()
    talk = ActionTalk(database, "en", family.father)
    (line,) = await talk.mean("update_address")
    assert line["card"]["kind"] == "address"
