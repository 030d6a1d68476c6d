"""Manners of a conversation on the trained model: languages, two requests, corrections, misses."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.engine.worker import Worker
from bot.settings import Settings
from bot.store import Conversation, Database, Misheard, TrackerEvent
from bot.texts import say
from tests.support.engine_talk import EngineTalk


@pytest.fixture
def talk(database: Database, settings: Settings, engine: Any) -> EngineTalk:
    return EngineTalk(database, Worker(settings, database, engine), "en")


def labels(lines: list[dict[str, Any]]) -> list[str]:
    return [choice["label"] for choice in lines[-1].get("choices", [])]


async def test_the_conversation_goes_on_in_the_language_that_is_written(talk: EngineTalk) -> None:
    lines = await talk.type("bonjour, combien de temps faut-il pour traiter ma demande ?")
    assert lines[0]["text"] == say("fr", "talk.followed")
    assert {line["lang"] for line in lines} == {"fr"}
    assert "English" in labels(lines)
    with talk.database.read() as session:
        assert session.get(Conversation, talk.id).language == "fr"


async def test_what_is_not_understood_is_asked_back_and_kept(
    talk: EngineTalk, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unsure(text: str) -> dict[str, Any]:
        names = ("nlu_fallback", "ask_travel", "ask_pr_card", "ask_ecopr")
        ranking = [{"name": name, "confidence": 0.3} for name in names]
        return {"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": []}

    monkeypatch.setattr(engine._agent, "parse_message", unsure)
    first = await talk.type("the thing with the letter")
    assert first[0]["text"] == say("en", "talk.clarify")
    second = await talk.type("you know, that one with the stamp")
    assert second[0]["text"] == say("en", "talk.clarify_again")
    assert labels(second)[-1] == say("en", "handoff.button.person")
    with talk.database.read() as session:
        kept = session.scalars(select(Misheard.text).order_by(Misheard.id)).all()
    assert kept == ["the thing with the letter", "you know, that one with the stamp"]


async def test_a_button_of_a_second_request_answers_it(talk: EngineTalk) -> None:
    lines = await talk.type("How do I change my address? Also when will my PR card arrive?")
    also = say("en", "talk.also", what=say("en", "intents.ask_pr_card"))
    assert also in labels(lines)


async def test_what_was_heard_is_remembered_after_a_restart(talk: EngineTalk, engine: Any) -> None:
    """The marks of a followed language and of a named term stand in the stored events."""
    await talk.type("mon bgc ne bouge plus depuis sept mois")
    with talk.database.read() as session:
        rows = session.scalars(select(TrackerEvent.data)).all()
    (heard,) = [row["parse_data"] for row in rows if row["event"] == "user"]
    assert (heard["follows"], heard["named"]) == ("fr", "bgc")
    engine.store._live.clear()
    again = await talk.type("mon bgc ne bouge toujours pas")
    assert "veut dire" not in again[0]["text"]
