"""The Rasa agent as a library: our tracker store, our actions, no way in but ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.nlu.training_data.message import Message

from bot.chat.conversations import set_language
from bot.chat.turn import current_turn
from bot.engine.beside import say_beside
from bot.engine.endpoint import InProcessActions, check_results_quickly
from bot.engine.hearing import Before, Heard, hear
from bot.engine.in_order import run_in_order
from bot.engine.output import TurnOutput
from bot.engine.tracker_store import TurnTrackerStore
from bot.store import Database

# One sentence in each language, understood before the engine says that it is ready.
CANARIES = ("Where is my application?", "Où en est ma demande ?")


class EngineUnfit(Exception):
    """The model cannot be used; the message says why."""


class Engine:
    """Understands and decides, one turn at a time. Sequential: Rasa's trackers are not shared."""

    def __init__(self, model: Path, database: Database) -> None:
        shut_slash_door()
        check_results_quickly()
        self.store = TurnTrackerStore(database)
        self.actions = InProcessActions()
        self._agent = Agent(tracker_store=self.store, action_endpoint=self.actions)
        # Agent wraps every store in one that hides failures behind a blank conversation.
        self._agent.tracker_store = self.store
        self._agent.load_model(model)
        assert self._agent.processor is not None
        self._nodes = run_in_order(self._agent.processor)
        self._check()

    def _check(self) -> None:
        domain = self._agent.domain
        missing = set(domain.user_actions) - self.actions.names if domain else set()
        missing = {name for name in missing if not name.startswith("utter_")}
        if missing:
            raise EngineUnfit(f"the model wants actions that do not exist: {sorted(missing)}")

        if not all(node._fn is _pass_on for node in self.slash_doors()):
            raise EngineUnfit("typed slashes would be obeyed: the guard is not in place")

    def slash_doors(self) -> list[Any]:
        """The nodes of Rasa's graph that would obey a typed slash."""
        return [node for node in self._nodes if node._component_class is RegexMessageHandler]

    async def understands(self) -> bool:
        """True when a sentence in each language is understood as asking for the status."""
        parsed = [await self._agent.parse_message(text) for text in CANARIES]
        return all(p["intent"]["name"] == "check_status" for p in parsed)

    async def turn(
        self,
        conversation_id: str,
        language: str,
        text: str,
        meaning: dict[str, Any] | None,
    ) -> list[dict[str, Any]]:
        """The lines answering one message. `meaning` ({intent, entities}) skips understanding: it
        comes from our own buttons and services, never from what was typed.

        Raises:
            Exception: whatever an action or Rasa raised; nothing has been written then.
        """
        self.actions.failure = None
        heard = await self._heard(conversation_id, language, text, meaning)
        await self._speak(conversation_id, heard.language)
        output = TurnOutput(heard.language)
        message = UserMessage(
            text,
            output_channel=output,
            sender_id=conversation_id,
            input_channel="web",
            parse_data=heard.parsed,
        )
        await self._agent.handle_message(message)
        if self.actions.failure is not None:
            raise self.actions.failure
        turn = current_turn.get()
        spoken = turn.language if turn else heard.language
        return say_beside(output.lines, heard, spoken, turn is not None and turn.by_text)

    async def _heard(
        self, conversation_id: str, language: str, text: str, meaning: dict[str, Any] | None
    ) -> Heard:
        if meaning:
            return Heard(_parsed(text, meaning), language)
        tracker = await self._tracker(conversation_id)
        messages = [e.parse_data for e in tracker.events if isinstance(e, UserUttered)]
        before = Before(
            self.store.database, conversation_id, language, messages, tracker.get_slot("product")
        )
        heard = await hear(self._agent.parse_message, text, before)
        if heard.followed:
            _go_on_in(heard.language)
        return heard

    async def _tracker(self, conversation_id: str) -> Any:
        assert self._agent.processor is not None
        return await self._agent.processor.fetch_tracker_with_initial_session(conversation_id)

    async def _speak(self, conversation_id: str, language: str) -> None:
        """Let the tracker know the conversation's language before it chooses words."""
        tracker = await self._tracker(conversation_id)
        if tracker.get_slot("language") != language:
            tracker.update(SlotSet("language", language), self._agent.domain)


def _go_on_in(language: str) -> None:
    """The conversation is in this language from now on."""
    turn = current_turn.get()
    if turn is not None:
        turn.language = language
        conversation_id = turn.conversation_id
        turn.later(lambda session: set_language(session, conversation_id, language))


def _parsed(text: str, meaning: dict[str, Any]) -> dict[str, Any]:
    entities = [
        {"entity": name, "value": value, "start": 0, "end": 0}
        for name, value in meaning["entities"].items()
    ]
    intent = {"name": meaning["intent"], "confidence": 1.0}
    return {"text": text, "intent": intent, "intent_ranking": [intent], "entities": entities}


def _pass_on(
    self: RegexMessageHandler, messages: list[Message], domain: Domain | None = None
) -> list[Message]:
    return messages


def shut_slash_door() -> None:
    """Rasa obeys any text that starts with a slash, in every model, without a switch to turn it
    off (rasa/engine/recipes/default_recipe.py). Here its component passes messages on untouched;
    our own buttons bring their meaning as parsed data instead. To be done before a model is
    loaded: the graph keeps the function it found then."""
    RegexMessageHandler.process = _pass_on
