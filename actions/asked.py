"""What every action needs: the turn, the language, the slots, and a way to speak."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.chat.reply import QuickReply, Reply
from bot.chat.turn import Turn, current_turn
from bot.texts import say


class Asked:
    """One call of an action.

    In the service there is always a `turn`; under `rasa run actions` (a developer's shell) there
    is none, and whatever needs a person's session answers as for a stranger.
    """

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self.tracker = tracker
        self.turn: Turn | None = current_turn.get()
        self.language: str = self.turn.language if self.turn else _slot_language(tracker)

    @property
    def intent(self) -> str:
        return str(self.tracker.latest_message["intent"]["name"])

    def entity(self, name: str) -> str | None:
        """The first value of an entity in the latest message."""
        return next(self.tracker.get_latest_entity_values(name), None)

    def slot(self, name: str) -> Any:
        return self.tracker.get_slot(name)

    def reply(self, reply: Reply, language: str | None = None) -> None:
        """Say one line, in the conversation's language unless it is in another."""
        extras = {**reply.extras(), "lang": language or self.language}
        self._dispatcher.utter_message(text=reply.text, json_message=extras)

    def say(self, key: str, **values: Any) -> None:
        self.reply(Reply(say(self.language, key, **values)))

    def button(self, key: str, intent: str, **entities: str) -> QuickReply:
        """A quick reply labelled with the text `key`."""
        return QuickReply(say(self.language, key), intent, tuple(entities.items()))


def _slot_language(tracker: Tracker) -> str:
    return "fr" if tracker.get_slot("language") == "fr" else "en"
