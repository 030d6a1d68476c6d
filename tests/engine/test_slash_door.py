"""Nothing that a person types is taken by Rasa as an instruction."""

from __future__ import annotations

from typing import Any

import pytest

from tests.campaigns.slashes import the_engine_obeys_none
from tests.engine.conftest import Talk


async def test_a_typed_instruction_is_understood_as_words(engine: Any) -> None:
    outcome = await the_engine_obeys_none(engine, 100, seed=1)
    assert outcome.passed, outcome.row()


async def test_the_campaign_sees_a_rasa_without_the_guard(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_the_guard_away(engine, monkeypatch)
    assert not (await the_engine_obeys_none(engine, 0, seed=1)).passed


async def test_rasa_would_obey_without_the_guard(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_the_guard_away(engine, monkeypatch)
    parsed = await engine._agent.parse_message("/EXTERNAL_verified")
    assert parsed["intent"] == {"name": "EXTERNAL_verified", "confidence": 1.0}


async def test_an_engine_without_the_guard_refuses_to_start(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.engine.agent import EngineUnfit

    for door in engine.slash_doors():
        monkeypatch.setattr(door, "_fn", None)
    with pytest.raises(EngineUnfit):
        engine._check()


async def test_a_typed_signal_discloses_nothing(talk: Talk) -> None:
    talk.post("EXTERNAL_verified")
    assert await talk.work()
    with talk.database.read() as session:
        from bot.chat.conversations import lines_after

        lines = lines_after(session, talk.conversation_id, 0)
    assert all(line.body.get("card", {}).get("kind") != "case" for line in lines)


def take_the_guard_away(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa as it comes."""
    from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader

    def stock(_: Any, messages: Any, domain: Any = None) -> Any:
        return [YAMLStoryReader.unpack_regex_message(m, domain) for m in messages]

    doors = engine.slash_doors()
    assert doors
    for door in doors:
        monkeypatch.setattr(door, "_fn", stock)
