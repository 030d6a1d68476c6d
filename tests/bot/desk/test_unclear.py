"""What was not understood, for supervisors: masked, with its likeliest meanings, remarked where it
stands and taken along with the other remarks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import yaml
from sqlalchemy import select, update

from bot.agents.sessions import AgentView, view_of
from bot.chat.conversations import add_line, open_conversation, post_text
from bot.chat.misheard import keep
from bot.clock import now
from bot.desk.quality import reading, remark
from bot.desk.remarks import take_remarks
from bot.desk.unclear import LOOK_BACK, MEANINGS, unclear
from bot.handoff import claim, request, speak
from bot.store import AuditEntry, Conversation, Database, Inbox, Misheard, Person
from bot.texts import say
from tests.bot.handoff.desk import add_agent

SAID = "the thing with the plastic"
RANKING = [
    {"name": "nlu_fallback", "confidence": 0.9},
    {"name": "ask_pr_card", "confidence": 0.412},
    {"name": "check_status", "confidence": 0.2},
    {"name": "ask_fees", "confidence": 0.1},
    {"name": "ask_help", "confidence": 0.05},
]


@pytest.fixture
def me(database: Database) -> AgentView:
    with database.write() as session:
        return view_of(add_agent(session, "Dev", role="supervisor"))


def misheard(
    database: Database, said: str = SAID, language: str = "en", channel: str = "web"
) -> tuple[str, str]:
    """A conversation whose second message was not understood; it, and the message's key."""
    with database.write() as session:
        here = open_conversation(session, channel, language)
        post_text(session, here, "message-1", "hello")
        add_line(session, here, "bot", {"text": "Hello!", "lang": language})
        post_text(session, here, "message-2", said)
        heard = session.scalar(select(Inbox.text).where(Inbox.client_id == "message-2",
                                                        Inbox.conversation_id == here))  # fmt: skip
        keep(session, here, heard, RANKING)
        add_line(session, here, "bot", {"text": "Which do you mean?", "lang": language})
        session.flush()
        newest = session.scalar(select(Misheard.id).order_by(Misheard.id.desc()).limit(1))
        return here, f"m{newest}"


def listed(database: Database, me: AgentView, language: str = "en") -> list[Any]:
    with database.write() as session:
        return unclear(session, me, language)


def acts(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(AuditEntry.act).where(AuditEntry.agent == "dev")))


@pytest.mark.parametrize(("language", "sure"), [("en", "(41%)"), ("fr", "(41\u00a0%)")])
def test_each_stands_with_what_it_may_have_meant(
    database: Database, me: AgentView, language: str, sure: str
) -> None:
    _, key = misheard(database, language="fr", channel="sms")
    (one,) = listed(database, me, language)
    assert (one.key, one.text, one.language, one.channel) == (key, SAID, "fr", "sms")
    assert len(one.meanings) == MEANINGS
    assert one.meanings[0] == f"{say(language, 'intents.ask_pr_card')} {sure}"
    assert acts(database) == ["desk.misheard_shown"]


def test_that_nothing_was_shown_is_no_row(database: Database, me: AgentView) -> None:
    assert listed(database, me) == []
    assert acts(database) == []


def test_those_of_more_than_thirty_days_ago_are_not_shown(
    database: Database, me: AgentView
) -> None:
    misheard(database)
    with database.write() as session:
        session.execute(update(Misheard).values(at=now() - LOOK_BACK - timedelta(minutes=1)))
    assert listed(database, me) == []


def test_no_personal_detail_is_shown(database: Database, me: AgentView) -> None:
    """Not even the name, which is known only once the person has proved who they are."""
    here, _ = misheard(database, "Zwindelina wants the thing, UCI 7391-4826")
    with database.write() as session:
        names = {"family_name": "Quokkavessel", "given_names": "Zwindelina"}
        person = Person(details=names, language="en", as_of=now())
        session.add(person)
        session.flush()
        session.get(Conversation, here).person_id = person.id
    (one,) = listed(database, me)
    assert "wants the thing" in one.text
    assert "Zwindelina" not in one.text and "7391" not in one.text


def test_it_is_read_where_it_stands(database: Database, me: AgentView) -> None:
    _, key = misheard(database)
    with database.write() as session:
        found = reading(session, key, me, "en")
    wanted = next(line for line in found.lines if line.number == found.wanted)
    assert wanted.body["text"] == SAID
    assert [line.body["text"] for line in found.lines][-1] == "Which do you mean?"
    assert list(found.unclear) == [found.wanted]
    assert found.unclear[found.wanted][0].startswith(say("en", "intents.ask_pr_card"))
    assert acts(database) == ["desk.quality_shown"]


def test_the_same_words_twice_are_two_lines(database: Database, me: AgentView) -> None:
    here, first = misheard(database)
    with database.write() as session:
        session.execute(update(Misheard).values(at=now()))
        post_text(session, here, "message-3", SAID)
        keep(session, here, SAID, [])
    second = f"m{int(first[1:]) + 1}"
    with database.write() as session:
        places = [reading(session, key, me, "en").wanted for key in (first, second)]
    assert None not in places and places[0] < places[1]


def test_what_is_said_to_an_agent_afterwards_is_not_read(database: Database, me: AgentView) -> None:
    here, key = misheard(database)
    with database.write() as session:
        row = request(session, here, "not_understood")
        agent = add_agent(session, "Quokka")
        assert claim(session, row.id, agent)
        speak(session, here, "Here it is", "en", agent)
        post_text(session, here, "message-9", "thank you, agent")
    with database.write() as session:
        texts = [line.body["text"] for line in reading(session, key, me, "en").lines]
    assert SAID in texts and "thank you, agent" not in texts


def test_what_it_meant_goes_into_the_same_files(database: Database, me: AgentView) -> None:
    _, key = misheard(database)
    with database.write() as session:
        line = reading(session, key, me, "en").wanted
        remark(session, key, me, line, "ask_pr_card", "Your card is on its way.")
    assert [one.remarks for one in listed(database, me)] == [1]
    with database.write() as session:
        taken = take_remarks(session)
    assert f"- intent: ask_pr_card  # en\n  examples: |\n    - {SAID}\n" in taken.nlu
    (answer,) = yaml.safe_load(taken.answers)
    assert answer["should"] == "Your card is on its way."
