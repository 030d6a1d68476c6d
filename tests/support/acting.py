"""The actions without Rasa: a meaning goes in, the lines come out and are written as a turn is.

Which action answers an intent is read from data/rules; understanding is left out, so a hundred
thousand turns take minutes. The same through Rasa: tests/support/engine_talk.py.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

import actions
from bot.chat.conversations import add_line, conversation_channel, open_conversation
from bot.chat.turn import Turn, current_turn
from bot.identity.sessions import verified_person, verify_session
from bot.model import ROOT
from bot.store import Database
from bot.yaml_files import read_yaml

SLOTS = ("language", "product", "section", "pending_question", "confirming")
Body = dict[str, Any]  # of a line


@lru_cache(maxsize=1)
def action_of() -> dict[str, str]:
    """{intent: the action or response that answers it}."""
    rules = [r for path in (ROOT / "data/rules").glob("*.yml") for r in read_yaml(path)["rules"]]
    return {r["steps"][0]["intent"]: r["steps"][1]["action"] for r in rules}


@lru_cache(maxsize=1)
def _executor() -> Any:
    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
    executor = ActionExecutor()
    executor.register_package(actions)
    return executor


def meaning(intent: str, entities: dict[str, str] | None = None) -> dict[str, Any]:
    return {"intent": intent, "entities": entities or {}}


class ActionTalk:
    """A conversation of somebody who has signed in, or of nobody."""

    def __init__(self, database: Database, language: str, person_id: int | None = None) -> None:
        self.database, self.person_id = database, person_id
        self._language, self._may_have_left = language, False
        self._slots: dict[str, Any] = dict.fromkeys(SLOTS)
        self._events: list[dict[str, Any]] = []
        with database.write() as session:
            self.id = open_conversation(session, "web", language)
            if person_id is not None:
                verify_session(session, self.id, person_id)
        self.offered: list[dict[str, Any]] = []

    async def mean(
        self,
        intent: str,
        entities: dict[str, str] | None = None,
        text: str = "",
        ranking: Sequence[str] = ("check_status",),
    ) -> list[Body]:
        """The lines that answer what was meant; `text` is what was typed, and `ranking` what else
        it may mean."""
        with self.database.read() as session:
            channel = conversation_channel(session, self.id)
        turn = Turn(self.database, self.id, self._language, channel=channel)
        current_turn.set(turn)
        dispatcher = CollectingDispatcher()
        await self._act(message_of(intent, entities or {}, text, ranking), dispatcher)
        self._language = turn.language
        lines = [_line(message, turn.language) for message in dispatcher.messages]
        self.offered = [choice for line in lines for choice in line.pop("choices", [])]
        self._may_have_left = bool(turn.writes)
        with self.database.write() as session:
            for write in turn.writes:
                write(session)
            for body in lines:
                add_line(session, self.id, "bot", body)
        return [{**body, "choices": self.offered} for body in lines]

    def sign_in_again(self) -> None:
        """After logging out or deleting, in the middle of a long play."""
        if self.person_id is None or not self._may_have_left:
            return
        with self.database.write() as session:
            if verified_person(session, self.id) is None:
                verify_session(session, self.id, self.person_id)

    async def _act(self, message: dict[str, Any], dispatcher: Any) -> None:
        name = action_of()[message["intent"]["name"]]
        self._events.append({"event": "user", "parse_data": message})
        if name.startswith("utter_"):
            dispatcher.utter_message(response=name)
            return
        self._slots["language"] = self._language
        for entity in message["entities"]:
            if entity["entity"] == "product":  # the one slot that is filled from an entity
                self._slots["product"] = entity["value"]
        tracker = Tracker(self.id, self._slots, message, self._events, False, None, {}, name)
        events = await _executor().actions[name](dispatcher, tracker, {})
        for event in events or []:
            self._events.append(event)
            self._slots[event["name"]] = event["value"]
        del self._events[:-40]


def message_of(
    intent: str, entities: dict[str, str], text: str, ranking: Sequence[str]
) -> dict[str, Any]:
    """As Rasa would have understood it."""
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": name} for name in (intent, *ranking)],
        "entities": [{"entity": e, "value": v} for e, v in entities.items()],
    }


def _line(message: dict[str, Any], language: str) -> Body:
    if message.get("response"):
        return {"text": message["response"], "lang": language}
    return {"text": message["text"] or "", "lang": language, **message["custom"]}


def everything(bodies: list[Body]) -> str:
    """Lines with their cards, links and quick replies as one text to search in."""
    return json.dumps(bodies, ensure_ascii=False)
