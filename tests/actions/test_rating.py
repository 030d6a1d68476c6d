"""The question at the end: once, of whoever was helped, never while a person is asked for."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import handoff
from bot.clock import now
from bot.store import Database, Inbox, Rating, TurnFigure
from bot.texts import LANGUAGES, say
from tests.bot.handoff.desk import add_agent
from tests.support.acting import ActionTalk

ASK = "EXTERNAL_rating"


def answered(database: Database, here: str, intent: str = "check_status") -> None:
    """The bot answered something, as the engine writes it."""
    with database.write() as session:
        session.add(
            TurnFigure(
                conversation_id=here, at=now(), language="en", channel="web", intent=intent,
                understood=intent != "nlu_fallback",
            )
        )  # fmt: skip


def ratings(database: Database) -> list[tuple[int | None, int | None]]:
    with database.read() as session:
        rows = session.execute(select(Rating.handoff_id, Rating.score).order_by(Rating.id))
        return [(row.handoff_id, row.score) for row in rows]


def helped(database: Database, here: str, outcome: str = "solved") -> int:
    """An agent had the conversation and closed it."""
    with database.write() as session:
        agent = add_agent(session, f"Quokka{now().timestamp()}")
        row = handoff.request(session, here, "asked")
        assert handoff.claim(session, row.id, agent)
        handoff.close(session, here, agent, outcome)
        return int(row.id)


def signals(database: Database, here: str) -> list[str]:
    with database.read() as session:
        return list(
            session.scalars(
                select(Inbox.text).where(Inbox.conversation_id == here, Inbox.kind == "signal")
            )
        )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_five_answers_are_offered_and_the_one_pressed_counts(
    database: Database, language: str
) -> None:
    talk = ActionTalk(database, language)
    answered(database, talk.id)
    (line,) = await talk.mean(ASK)
    assert line["text"] == say(language, "handoff.rating.question")
    labels = [say(language, f"handoff.rating.s{score}") for score in range(1, 6)]
    assert [choice["label"] for choice in talk.offered] == labels
    fourth = talk.offered[3]
    (line,) = await talk.mean(fourth["intent"], fourth["entities"])
    assert line["text"] == say(language, "handoff.rating.thanks")
    assert ratings(database) == [(None, 4)]


async def test_it_is_asked_once(database: Database) -> None:
    talk = ActionTalk(database, "en")
    answered(database, talk.id)
    assert await talk.mean(ASK)
    assert await talk.mean(ASK) == []
    assert ratings(database) == [(None, None)]


@pytest.mark.parametrize("intent", ["greet", "nlu_fallback"])
async def test_who_was_answered_nothing_is_asked_nothing(database: Database, intent: str) -> None:
    talk = ActionTalk(database, "en")
    answered(database, talk.id, intent)
    assert await talk.mean(ASK) == []
    assert ratings(database) == []


async def test_nobody_is_asked_while_they_wait_or_talk_with_an_agent(database: Database) -> None:
    talk = ActionTalk(database, "en")
    answered(database, talk.id)
    await talk.mean("request_agent")
    assert await talk.mean(ASK) == []


async def test_an_agent_s_help_has_a_question_of_its_own(database: Database) -> None:
    talk = ActionTalk(database, "en")
    answered(database, talk.id)
    await talk.mean(ASK)
    await talk.mean(ASK, {"score": "2"})
    first = helped(database, talk.id)
    assert signals(database, talk.id) == [ASK]
    await talk.mean(ASK)
    await talk.mean(ASK, {"score": "5"})
    assert ratings(database) == [(None, 2), (first, 5)]


@pytest.mark.parametrize("outcome", ["abuse", "no_answer"])
async def test_nobody_is_asked_who_was_not_there_or_not_helped(
    database: Database, outcome: str
) -> None:
    talk = ActionTalk(database, "en")
    helped(database, talk.id, outcome)
    assert signals(database, talk.id) == []


async def test_the_last_answer_counts(database: Database) -> None:
    talk = ActionTalk(database, "en")
    answered(database, talk.id)
    await talk.mean(ASK)
    for score in ("1", "5"):
        await talk.mean(ASK, {"score": score})
    assert ratings(database) == [(None, 5)]


async def test_a_score_that_is_none_fails_the_turn(database: Database) -> None:
    talk = ActionTalk(database, "en")
    answered(database, talk.id)
    await talk.mean(ASK)
    with pytest.raises(ValueError):
        await talk.mean(ASK, {"score": "6"})
    assert ratings(database) == [(None, None)]
