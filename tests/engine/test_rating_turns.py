"""The question at the end through Rasa: after a farewell and after an agent, on each channel."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import handoff
from bot.chat.conversations import lines_after, post_choice, set_language
from bot.store import Conversation, Inbox, Rating, TurnFigure
from bot.texts import LANGUAGES, say
from tests.bot.handoff.desk import add_agent
from tests.engine.conftest import Talk

QUESTION = {
    "en": ("how long does it take to get citizenship?", "goodbye"),
    "fr": ("combien de temps faut-il pour obtenir la citoyenneté?", "au revoir"),
}


async def all_answered(talk: Talk) -> None:
    while await talk.work():
        pass


def choices(talk: Talk) -> list[str]:
    """The ids of the last line's quick replies."""
    with talk.database.read() as session:
        last = lines_after(session, talk.conversation_id, 0)[-1]
    return [choice["id"] for choice in last.body["choices"]]


def score(talk: Talk) -> int | None:
    with talk.database.read() as session:
        found: int | None = session.scalar(select(Rating.score))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_farewell_asks_and_a_quick_reply_answers(talk: Talk, language: str) -> None:
    with talk.database.write() as session:
        set_language(session, talk.conversation_id, language)
    for text in QUESTION[language]:
        talk.post(text)
    await all_answered(talk)
    assert talk.said()[-1] == say(language, "handoff.rating.question")
    with talk.database.write() as session:
        post_choice(session, talk.conversation_id, "pressed", choices(talk)[3])
    await all_answered(talk)
    assert talk.said()[-1] == say(language, "handoff.rating.thanks")
    assert score(talk) == 4
    with talk.database.read() as session:
        intents = session.scalars(select(TurnFigure.intent)).all()
    assert not [intent for intent in intents if intent.startswith("EXTERNAL_")]


async def test_who_only_greets_is_asked_nothing(talk: Talk) -> None:
    for text in ("hello", "goodbye"):
        talk.post(text)
    await all_answered(talk)
    assert talk.said()[-1].startswith("Goodbye.")


async def test_after_an_agent_the_bot_asks(talk: Talk) -> None:
    with talk.database.write() as session:
        agent = add_agent(session, "Ada")
        row = handoff.request(session, talk.conversation_id, "asked")
        assert handoff.claim(session, row.id, agent)
        handoff.close(session, talk.conversation_id, agent, "solved")
    await all_answered(talk)
    assert talk.said()[-1] == say("en", "handoff.rating.question")
    with talk.database.write() as session:
        post_choice(session, talk.conversation_id, "pressed", choices(talk)[0])
    await all_answered(talk)
    assert score(talk) == 1


async def test_nobody_is_asked_who_has_the_next_agent_already(talk: Talk) -> None:
    """The question waits in the inbox while somebody else takes the conversation."""
    with talk.database.write() as session:
        agent = add_agent(session, "Ada")
        for _ in range(2):
            row = handoff.request(session, talk.conversation_id, "asked")
            assert handoff.claim(session, row.id, agent)
            if row.id == 1:
                handoff.close(session, talk.conversation_id, agent, "solved")
    await all_answered(talk)
    assert talk.said() == []


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_nobody_is_asked_who_waits_for_the_next_agent(talk: Talk, channel: str) -> None:
    """Nor told that something failed: there is nothing to say."""
    with talk.database.write() as session:
        session.get(Conversation, talk.conversation_id).channel = channel
        agent = add_agent(session, "Ada")
        row = handoff.request(session, talk.conversation_id, "asked")
        assert handoff.claim(session, row.id, agent)
        handoff.close(session, talk.conversation_id, agent, "solved")
        handoff.request(session, talk.conversation_id, "asked")
    await all_answered(talk)
    assert talk.said() == []
    with talk.database.read() as session:
        assert session.scalars(select(Inbox.state)).all() == ["done"]
