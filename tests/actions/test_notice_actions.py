"""Notices are switched on and off by a sentence: for who is known, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.answers.help import help_answer
from bot.clock import now
from bot.identity.phone_linking import GOOD_FOR
from bot.messages.parts import parts, plain
from bot.notices.topics import EMAIL, SMS, TOPICS
from bot.notices.wishes import Wishes, choose, wishes_of
from bot.phones.finding import phone_of
from bot.store import AuditEntry, Contact, Database, PhoneLink
from bot.texts import LANGUAGES, say
from tests.bot.landing.family import Family, add_family
from tests.support.acting import ActionTalk

ON, OFF = "subscribe_updates", "unsubscribe_updates"


@pytest.fixture
def family(database: Database) -> Family:
    with database.write() as session:
        return add_family(session)


def wishes(database: Database, person_id: int) -> Wishes | None:
    with database.read() as session:
        return wishes_of(session, person_id)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_stranger_is_told_how_and_nothing_is_switched(
    database: Database, language: str
) -> None:
    talk = ActionTalk(database, language)
    (line,) = await talk.mean(ON)
    assert line["text"] == help_answer(ON, language).text
    assert [c["label"] for c in line["choices"]] == [say(language, "notice.chat.sign_in")]
    assert talk._slots["pending_question"] == ON
    (line,) = await talk.mean(OFF)
    assert line["text"] == help_answer(OFF, language).text
    with database.read() as session:
        assert session.scalars(select(Contact)).all() == []


async def test_after_signing_in_the_question_is_answered(
    database: Database, family: Family
) -> None:
    talk = ActionTalk(database, "en", family.mother)
    talk._slots["pending_question"] = ON
    (line,) = await talk.mean("EXTERNAL_verified")
    assert line["card"]["kind"] == "notices"
    assert talk._slots["pending_question"] is None


async def test_who_asked_for_texts_links_a_phone_after_signing_in(
    database: Database, family: Family
) -> None:
    stranger = ActionTalk(database, "en")
    await stranger.mean(ON, {"wish": "phone"})
    mother = ActionTalk(database, "en", family.mother)
    mother._slots["pending_question"] = stranger._slots["pending_question"]
    (line,) = await mother.mean("EXTERNAL_verified")
    assert line["card"] == {"kind": "phone", "linked": []}
    assert wishes(database, family.mother) is None


async def test_texts_begin_on_a_linked_phone_beside_what_was_wished(
    database: Database, family: Family
) -> None:
    with database.write() as session:
        choose(session, family.mother, Wishes("en", None, frozenset({("card", EMAIL)})))
        moment = now()
        phone = phone_of(session, "+16135550142", "en")
        link = PhoneLink(phone_id=phone.id, person_id=family.mother)
        link.proven_at, link.until = moment, moment + GOOD_FOR
        session.add(link)
    talk = ActionTalk(database, "en", family.mother)
    (line,) = await talk.mean(ON, {"wish": "phone"})
    by_text = frozenset((topic, SMS) for topic in TOPICS)
    chosen = wishes(database, family.mother)
    assert chosen and chosen.wanted == by_text | {("card", EMAIL)}
    (line,) = await talk.mean(ON, {"wish": "phone"})
    assert line["text"].startswith(say("en", "notice.chat.as_is"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_on_means_everything_by_e_mail_and_off_nothing(
    database: Database, family: Family, language: str
) -> None:
    talk = ActionTalk(database, language, family.mother)
    (line,) = await talk.mean(ON)
    every = frozenset((topic, EMAIL) for topic in TOPICS)
    assert wishes(database, family.mother) == Wishes(language, None, every)
    assert line["card"] == {
        "kind": "notices", "wanted": sorted(f"{t}.email" for t in TOPICS), "channels": [EMAIL],
        "zone": "",
    }  # fmt: skip
    for topic in TOPICS:
        assert say(language, f"notice.topic.{topic}") in line["text"]
    stop = next(c for c in talk.offered if c["label"] == say(language, "notice.chat.stop"))
    (line,) = await talk.mean(stop["intent"])
    assert line["text"] == say(language, "notice.chat.ended")
    assert wishes(database, family.mother) == Wishes(language)


async def test_asking_again_does_not_undo_a_choice(database: Database, family: Family) -> None:
    chosen = Wishes("fr", "America/Halifax", frozenset({("card", SMS)}))
    with database.write() as session:
        choose(session, family.mother, chosen)
    (line,) = await ActionTalk(database, "en", family.mother).mean(ON)
    assert wishes(database, family.mother) == chosen
    assert line["card"]["wanted"] == ["card.sms"] and line["card"]["zone"] == "America/Halifax"


async def test_what_was_chosen_stands_in_the_trail(database: Database, family: Family) -> None:
    await ActionTalk(database, "en", family.mother).mean(ON)
    with database.read() as session:
        (entry,) = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "notices.chosen")
        ).all()
    assert entry.person_id == family.mother and "status.email" in entry.detail["wanted"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["begun", "ended"])
def test_by_text_message_each_answer_is_one_part(language: str, key: str) -> None:
    page = f"https://passage-assistance.immigration.gc.ca/{language}"
    text: Any = plain(say(language, f"notice.texted.{key}", page=page))
    assert parts(text).count == 1
