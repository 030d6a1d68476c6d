"""Asking for a person in the chat: one step, honest words, and a message that is left."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot import handoff
from bot.chat.conversations import lines_after, open_conversation, post_text
from bot.clock import now
from bot.handoff.left import bring_answers
from bot.store import Conversation, Database, Handoff, Inbox, Outbound, TurnFigure
from bot.texts import LANGUAGES, say
from tests.bot.handoff.desk import add_agent
from tests.support.acting import ActionTalk
from tests.support.files import add_person


def asked(database: Database) -> Any:
    with database.read() as session:
        return session.execute(select(Handoff)).scalar_one()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_step_is_enough_and_the_place_is_told(database: Database, language: str) -> None:
    talk = ActionTalk(database, language)
    (line,) = await talk.mean("request_agent")
    assert say(language, "handoff.queued", position=1) in line["text"]
    row = asked(database)
    assert (row.state, row.reason, row.language) == ("queued", "asked", language)
    (line,) = await talk.mean("request_agent")
    assert say(language, "handoff.already", position=1) in line["text"]
    (line,) = await talk.mean("request_agent", {"way": "stop"})
    assert line["text"] == say(language, "handoff.stopped")
    assert asked(database).outcome == "withdrawn"


async def test_outside_hours_the_opening_and_the_telephone_are_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGE_DESK_HOURS", "office")
    with time_machine.travel("2026-12-25T15:00:00+00:00", tick=False):
        (line,) = await ActionTalk(database, "en").mean("request_agent")
    assert "Tuesday, December 29, 2026, 8:00\u00a0a.m. (Eastern Time)" in line["text"]
    assert "1-888-242-2100" in line["text"]
    assert asked(database).state == "requested"


@pytest.mark.parametrize(
    ("intent", "reason"),
    [
        ("urgent_need", "urgent_need"),
        ("complain", "complaint"),
        ("details_not_matching", "form_failed"),
    ],
)
async def test_a_person_is_offered_where_they_may_be_needed(
    database: Database, intent: str, reason: str
) -> None:
    talk = ActionTalk(database, "en")
    await talk.mean(intent)
    offer = talk.offered[-1]
    assert (offer["label"], offer["intent"]) == ("Talk to a person", "request_agent")
    await talk.mean(offer["intent"], offer["entities"])
    row = asked(database)
    assert (row.reason, row.urgent) == (reason, reason == "urgent_need")


def count(database: Database, conversation_id: str, understood: bool) -> None:
    with database.write() as session:
        session.add(
            TurnFigure(
                conversation_id=conversation_id,
                at=now(),
                language="fr",
                channel="web",
                intent="check_status" if understood else "nlu_fallback",
                understood=understood,
            )
        )


async def test_the_agent_sees_what_the_bot_tried_and_what_it_is_about(database: Database) -> None:
    talk = ActionTalk(database, "en")
    count(database, talk.id, understood=True)
    count(database, talk.id, understood=False)
    await talk.mean("request_agent")
    row = asked(database)
    assert row.topic == "check_status"
    assert [each["understood"] for each in row.tried] == [True, False]


async def test_a_stranger_is_told_that_the_answer_comes_on_the_page_only(
    database: Database,
) -> None:
    talk = ActionTalk(database, "en")
    await talk.mean("request_agent")
    (line,) = await talk.mean("request_agent", {"way": "leave"})
    assert line["text"] == say("en", "handoff.leave.stranger")
    assert (asked(database).left, asked(database).answer_by) == (True, "page")


async def test_a_message_that_was_left_is_the_agents_and_the_next_one_the_bots(
    database: Database,
) -> None:
    talk = ActionTalk(database, "en")
    await talk.mean("request_agent", {"way": "leave"})
    with database.write() as session:
        post_text(session, talk.id, "a", "please call back")
        post_text(session, talk.id, "b", "how long does it take")
        states = dict(session.execute(select(Inbox.client_id, Inbox.state)).all())
        lines = [line.body["text"] for line in lines_after(session, talk.id, 0)]
    assert states == {"a": "agent", "b": "new"}
    assert lines.count(say("en", "handoff.leave.kept")) == 1


async def test_the_answer_is_mailed_about_and_read_after_the_next_proof(
    database: Database,
) -> None:
    """The mail says nothing of it, and only whoever is the same person reads it, once."""
    with database.write() as session:
        person, other = add_person(session, language="fr"), add_person(session)
        anne = add_agent(session, "Anne")
    talk = ActionTalk(database, "fr", person.id)
    await talk.mean("request_agent", {"way": "leave"})
    assert [choice["entities"]["way"] for choice in talk.offered] == ["email", "page"]
    await talk.mean("request_agent", {"way": "email"})
    with database.write() as session:
        post_text(session, talk.id, "a", "ma question")
        row = session.execute(select(Handoff)).scalar_one()
        handoff.claim(session, row.id, anne)
        for text in ("Votre réponse secrète.", "Et ceci."):
            handoff.speak(session, talk.id, text, "fr", anne)
        handoff.close(session, talk.id, anne, "solved")
        (mail,) = session.execute(select(Outbound)).scalars()
        assert (mail.recipient, mail.language) == (person.email, "fr")
        assert "secrète" not in mail.subject + mail.text
        for who, found in ((other, 0), (person, 1), (person, 0)):
            here = open_conversation(session, "web", "en")
            session.get(Conversation, here).person_id = who.id
            session.flush()
            assert bring_answers(session, here, who.id) == found
            lines = [line.body["text"] for line in lines_after(session, here, 0)]
            assert ("Votre réponse secrète." in "".join(lines)) is bool(found)
