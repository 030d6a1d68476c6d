"""Deleting one's data is a turn like any other: whole or not at all, and the answer stays."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from actions.own_data import just_asked
from bot.chat.conversations import lines_after, post_choice
from bot.identity.sessions import find_session, open_session
from bot.store import Choice, Conversation, Database, Inbox, TrackerEvent
from bot.texts import say
from tests.engine.conftest import Talk
from tests.engine.test_turns import inbox_states, later

USER, ASKED = {"event": "user"}, {"event": "slot", "name": "confirming", "value": "delete"}
OTHER = {"event": "slot", "name": "section", "value": "delete"}


def press(talk: Talk, key: str) -> None:
    """The newest button with this text."""
    with talk.database.write() as session:
        choices = session.scalars(select(Choice).where(Choice.used_at.is_(None))).all()
        wanted = [choice.id for choice in choices if choice.label == say("en", key)]
        assert post_choice(session, talk.conversation_id, "pressed", wanted[-1])


def events(database: Database) -> tuple[int, int]:
    """(Rasa's events, how many the conversation says there are)."""
    with database.read() as session:
        counted = session.scalar(select(func.count()).select_from(TrackerEvent))
        return counted, session.scalar(select(Conversation.last_event))


async def ask(talk: Talk) -> None:
    talk.post("where is my citizenship application?")
    talk.post("delete my data")
    while await talk.work():
        pass
    assert talk.said()[-1].startswith(say("en", "privacy.goes"))


async def test_after_the_turn_only_the_answer_is_left_and_rasa_begins_anew(
    talk: Talk, engine: Any
) -> None:
    with talk.database.write() as session:
        token = open_session(session, talk.conversation_id)
    await ask(talk)
    press(talk, "privacy.yes")
    assert await talk.work()
    with talk.database.read() as session:
        lines = lines_after(session, talk.conversation_id, 0)
        view = find_session(session, token)
    wanted = [say("en", "privacy.yes"), say("en", "privacy.deleted")]
    assert [line.body["text"] for line in lines] == wanted
    assert view is not None and view.conversation_id == talk.conversation_id
    assert events(talk.database) == (0, 0)
    assert talk.conversation_id not in engine.store._live, "nor does the engine remember it"
    for text in ("thank you", "goodbye"):
        talk.post(text)
        assert await talk.work()
        engine.store._live.clear()  # as after a restart
    assert talk.said()[-1].startswith("Goodbye")
    tracker = await engine.store.retrieve(talk.conversation_id)
    assert tracker.get_slot("product") is None
    stored, counted = events(talk.database)
    assert stored == counted > 0


async def test_what_comes_in_meanwhile_is_still_answered(talk: Talk) -> None:
    await ask(talk)
    press(talk, "privacy.yes")
    talk.post("thank you")
    while await talk.work():
        pass
    assert talk.said()[-1].startswith("You are welcome")
    assert inbox_states(talk.database) == [("done", 1), ("done", 1)]


async def test_a_typed_yes_deletes_right_after_the_question_only(talk: Talk) -> None:
    await ask(talk)
    talk.post("thank you")
    talk.post("yes")
    while await talk.work():
        pass
    assert talk.said()[-1] != say("en", "privacy.deleted")
    await ask(talk)
    talk.post("yes")
    assert await talk.work()
    assert talk.said() == [say("en", "privacy.deleted")]


async def test_on_hold_the_person_is_told_and_nothing_goes(talk: Talk) -> None:
    await ask(talk)
    with talk.database.write() as session:
        session.execute(update(Conversation).values(on_hold=True))
    before = len(talk.said())
    press(talk, "privacy.yes")
    assert await talk.work()
    talk.post("delete my data")
    assert await talk.work()
    assert talk.said()[before:] == [say("en", "privacy.on_hold")] * 2


async def test_a_hold_that_comes_between_looking_and_deleting_wins(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(talk)
    with talk.database.write() as session:
        session.execute(update(Conversation).values(on_hold=True))
    before = len(talk.said())
    press(talk, "privacy.yes")
    with monkeypatch.context() as looked:
        looked.setattr("actions.own_data.may_delete", lambda *_: True)
        assert await talk.work()
    assert len(talk.said()) == before
    with later(5):
        assert await talk.work()
    assert talk.said()[before:] == [say("en", "privacy.on_hold")]
    with talk.database.read() as session:
        assert session.scalar(select(func.max(Inbox.tries))) == 2


@pytest.mark.parametrize(
    ("happened", "asked"),
    [
        ([USER, ASKED, USER], True),
        ([USER, ASKED, OTHER, USER, OTHER], True),
        ([USER, ASKED, USER, USER], False),
        ([USER, OTHER, USER], False),
        ([USER, {**ASKED, "value": None}, USER], False),
        ([USER], False),
        ([], False),
    ],
)
def test_a_yes_answers_the_question_before_it_and_no_older_one(
    happened: list[dict[str, Any]], asked: bool
) -> None:
    assert just_asked(happened) is asked
