"""A turn that is under way when an agent claims the conversation never was; the bot goes on where
it stood when it has the conversation again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot import handoff
from bot.chat.conversations import post_text
from bot.store import Handoff, Inbox, TrackerEvent, TurnFigure
from tests.bot.handoff.desk import add_agent
from tests.engine.conftest import Talk


@pytest.fixture
def taken(talk: Talk, engine: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The agent who claims the conversation in the middle of the next turn."""
    with talk.database.write() as session:
        agent = add_agent(session, "Anne")
        waiting = handoff.request(session, talk.conversation_id, "asked")
    turn = engine.turn

    async def interrupted(*given: Any) -> Any:
        lines = await turn(*given)
        with talk.database.write() as session:
            assert handoff.claim(session, waiting.id, agent)
        return lines

    monkeypatch.setattr(engine, "turn", interrupted)
    return agent


async def test_a_turn_under_way_is_dropped_and_the_message_is_the_agents(
    talk: Talk, taken: Any, engine: Any
) -> None:
    talk.post("thank you")
    assert await talk.work()
    assert talk.said() == []
    with talk.database.read() as session:
        assert session.scalar(select(Inbox.state)) == "agent"
        assert session.scalar(select(TrackerEvent.position)) is None
        assert session.scalar(select(TurnFigure.id)) is None
    assert talk.conversation_id not in engine.store._live
    assert not await talk.work(), "nothing is tried again"


async def test_after_the_return_the_bot_goes_on_where_it_was(talk: Talk, engine: Any) -> None:
    talk.post("where is my citizenship application?")
    await talk.work()
    with talk.database.write() as session:
        agent = add_agent(session, "Anne")
        waiting = handoff.request(session, talk.conversation_id, "asked")
        handoff.claim(session, waiting.id, agent)
    talk.post("hello agent")
    assert not await talk.work()
    with talk.database.write() as session:
        handoff.speak(session, talk.conversation_id, "Hello", "en", agent)
        handoff.give_back(session, talk.conversation_id, agent)
    talk.post("and now?")
    assert await talk.work()
    tracker = await engine.store.retrieve(talk.conversation_id)
    assert tracker.get_slot("product") == "citizenship"


async def test_a_failing_turn_does_not_apologize_over_an_agent(
    talk: Talk, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.post("thank you")
    claim = talk.worker._claims.next()
    with talk.database.write() as session:
        agent = add_agent(session, "Anne")
        waiting = handoff.request(session, talk.conversation_id, "asked")
        handoff.claim(session, waiting.id, agent)
    talk.worker._give_up(claim)
    assert talk.said() == []


async def test_from_any_state_one_typed_message_asks_for_a_person(talk: Talk) -> None:
    talk.post("where is my application?")
    await talk.work()
    talk.post("I want to talk to a person")
    assert await talk.work()
    with talk.database.read() as session:
        row = session.execute(select(Handoff)).scalar_one()
        assert (row.state, row.topic) == ("queued", "check_status")
        figures = session.execute(
            select(TurnFigure.intent, TurnFigure.understood, TurnFigure.handed_off)
        ).all()
    assert [tuple(f) for f in figures] == [
        ("check_status", True, False), ("request_agent", True, True),
    ]  # fmt: skip


async def test_a_press_of_the_offered_button_brings_its_reason(talk: Talk) -> None:
    talk.post("my mother is dying, this is urgent")
    await talk.work()
    with talk.database.read() as session:
        from bot.store import Choice

        choice = session.execute(
            select(Choice).where(Choice.intent == "request_agent")
        ).scalar_one()
    from bot.chat.conversations import post_choice

    with talk.database.write() as session:
        post_choice(session, talk.conversation_id, "press", choice.id)
    assert await talk.work()
    with talk.database.read() as session:
        row = session.execute(select(Handoff)).scalar_one()
    assert (row.reason, row.urgent) == ("urgent_need", True)


def test_a_message_of_the_agents_time_stays_unanswered_when_it_was_seen(talk: Talk) -> None:
    with talk.database.write() as session:
        agent = add_agent(session, "Anne")
        waiting = handoff.request(session, talk.conversation_id, "asked")
        handoff.claim(session, waiting.id, agent)
        post_text(session, talk.conversation_id, "a", "thank you")
        handoff.speak(session, talk.conversation_id, "You are welcome", "en", agent)
        handoff.give_back(session, talk.conversation_id, agent)
    assert talk.worker._claims.next() is None
