"""A turn is answered once, completely, or tried again; never silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from bot.chat.conversations import open_conversation, post_text
from bot.clock import now
from bot.store import Conversation, Database, Inbox, TrackerEvent
from bot.texts import say
from tests.engine.conftest import Talk


def later(seconds: float) -> Any:
    return time_machine.travel(now() + timedelta(seconds=seconds), tick=True)


def inbox_states(database: Database) -> list[tuple[str, int]]:
    with database.read() as session:
        rows = session.execute(select(Inbox.state, Inbox.tries).order_by(Inbox.id)).all()
    return [tuple(row) for row in rows]


async def test_a_question_is_answered_in_the_language_of_the_conversation(talk: Talk) -> None:
    talk.post("thank you")
    assert await talk.work()
    assert talk.said() == ["You are welcome. Is there anything else about your application?"]
    assert inbox_states(talk.database) == [("done", 1)]


async def test_messages_of_a_conversation_are_answered_in_order(talk: Talk) -> None:
    for text in ("thank you", "goodbye", "are you a robot?"):
        talk.post(text)
    while await talk.work():
        pass
    said = talk.said()
    assert [text.split()[0] for text in said] == ["You", "Goodbye.", "I"]


async def test_a_failing_turn_leaves_no_trace_and_is_tried_again(
    talk: Talk, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.post("thank you")
    monkeypatch.setattr(engine.store, "append", _raise)
    assert await talk.work()
    monkeypatch.undo()
    assert talk.said() == []
    assert inbox_states(talk.database) == [("new", 1)]
    assert not await talk.work(), "it waits a moment before the second try"
    with later(5):
        assert await talk.work()
    assert len(talk.said()) == 1
    assert inbox_states(talk.database) == [("done", 2)]


def _raise(*_: Any) -> None:
    raise RuntimeError("broken")


async def test_after_three_tries_the_person_gets_the_truth_and_the_message_is_kept(
    talk: Talk, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.post("thank you")
    monkeypatch.setattr(engine.store, "append", _raise)
    for pause in (0, 5, 10):
        with later(pause):
            assert await talk.work()
    assert talk.said() == [say("en", "engine.apology")]
    assert inbox_states(talk.database) == [("dead", 3)]
    with talk.database.read() as session:
        assert session.scalar(select(Inbox.text)) == "thank you"


async def test_the_conversation_goes_on_after_an_apology(
    talk: Talk, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.post("thank you")
    monkeypatch.setattr(engine.store, "append", _raise)
    for pause in (0, 5, 10):
        with later(pause):
            await talk.work()
    monkeypatch.undo()
    talk.post("goodbye")
    assert await talk.work()
    assert talk.said()[-1].startswith("Goodbye.")


async def test_a_message_that_killed_the_process_each_time_is_given_up(talk: Talk) -> None:
    talk.post("thank you")
    for _ in range(3):
        assert talk.worker._claims.next() is not None  # and then the process died
        talk.worker._claims.release(talk.conversation_id)
    assert await talk.work()
    assert talk.said() == [say("en", "engine.apology")]


async def test_an_action_that_raises_fails_the_turn_instead_of_staying_silent(
    talk: Talk, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> list[Any]:
        raise ValueError("no")

    monkeypatch.setitem(engine.actions._executor.actions, "action_help", broken)
    talk.post("what can you do?")
    assert await talk.work()
    assert talk.said() == []
    assert inbox_states(talk.database) == [("new", 1)]


async def test_a_turn_that_says_nothing_counts_as_failed(
    talk: Talk, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: Any) -> list[Any]:
        return []

    monkeypatch.setitem(engine.actions._executor.actions, "action_help", silent)
    talk.post("what can you do?")
    assert await talk.work()
    assert inbox_states(talk.database) == [("new", 1)]


async def test_what_an_action_writes_falls_with_its_turn(
    talk: Talk, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.post("français s'il vous plaît")
    monkeypatch.setattr("bot.engine.worker.add_line", _raise)
    assert await talk.work()
    with talk.database.read() as session:
        assert session.scalar(select(Conversation.language)) == "en"
        assert session.scalar(select(func.count()).select_from(TrackerEvent)) == 0


async def test_a_restarted_engine_remembers_the_conversation(talk: Talk, engine: Any) -> None:
    talk.post("where is my citizenship application?")
    await talk.work()
    engine.store._live.clear()
    talk.post("and now?")
    await talk.work()
    tracker = await engine.store.retrieve(talk.conversation_id)
    assert tracker.get_slot("product") == "citizenship"


async def test_two_writers_cannot_mix_their_events(talk: Talk, engine: Any) -> None:
    from bot.engine.tracker_store import PositionConflict

    talk.post("thank you")
    await talk.work()
    tracker = await engine.store.retrieve(talk.conversation_id)
    engine.store._live[talk.conversation_id] = (tracker, 1)  # as an engine that was asleep
    with pytest.raises(PositionConflict), talk.database.write() as session:
        engine.store.append(session, talk.conversation_id)


async def test_a_failed_read_fails_the_turn_and_starts_no_blank_conversation(
    talk: Talk, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.post("thank you")
    await talk.work()
    engine.store._live.clear()
    monkeypatch.setattr(engine.store, "_replay", _raise)
    talk.post("goodbye")
    await talk.work()
    assert len(talk.said()) == 1
    assert inbox_states(talk.database)[-1] == ("new", 1)


async def test_the_words_of_the_bot_are_not_copied_into_rasas_events(talk: Talk) -> None:
    talk.post("thank you")
    await talk.work()
    with talk.database.read() as session:
        rows = session.scalars(select(TrackerEvent.data)).all()
    said = [row for row in rows if row["event"] == "bot"]
    assert said
    assert all(row["text"] is None and row["data"] == {} for row in said)


async def test_only_the_first_waiting_message_of_a_conversation_is_handed_out(talk: Talk) -> None:
    talk.post("one")
    talk.post("two")
    with talk.database.write() as session:
        other = open_conversation(session, "web", "fr")
        post_text(session, other, "m1", "trois")
    first = talk.worker._claims.next()
    assert first.text == "one"
    assert first.language == "en"


async def test_a_second_engine_takes_no_conversation_that_is_being_answered(
    talk: Talk, settings: Any
) -> None:
    from bot.engine.claims import AnotherEngine, Claims

    if talk.database.is_sqlite:
        with pytest.raises(AnotherEngine):
            Claims(talk.database, settings.home)
        return
    talk.post("one")
    second = Claims(talk.database, settings.home)
    assert talk.worker._claims.next() is not None
    assert second.next() is None
    talk.worker._claims.release(talk.conversation_id)
    assert second.next() is not None
