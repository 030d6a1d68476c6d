"""What every action needs: the turn, the language, the slots, and a way to speak."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.chat.reply import QuickReply, Reply
from bot.chat.turn import Turn, current_turn
from bot.identity.knowing import known_person
from bot.texts import has_text, say


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

    @property
    def by_text(self) -> bool:
        """True in a conversation by text message: say what is written for one (`short`, `sms.…`).
        Of anything else the person only gets to know that it is on the page."""
        return self.turn is not None and self.turn.by_text

    def person(self) -> int | None:
        """Who asks: whoever signed in on the page, or whose phone it is proven to be."""
        if self.turn is None:
            return None
        with self.turn.database.read() as session:
            return known_person(session, self.turn.conversation_id)

    def reply(self, reply: Reply, language: str | None = None) -> None:
        """Say one line, in the conversation's language unless it is in another."""
        extras = {**reply.extras(), "lang": language or self.language}
        if self.by_text:
            extras["short"] = reply.short
        self._dispatcher.utter_message(text=reply.text, json_message=extras)

    def say(self, key: str, **values: Any) -> None:
        """Say the text `key`; by text message the one of the same key below `sms.`."""
        self.reply(self.words(key, **values))

    def words(self, key: str, **values: Any) -> Reply:
        """The text `key` as a reply without anything else, with its short form if it has one."""
        short = f"sms.{key}" if self.by_text else ""
        if not has_text(short):
            return Reply(say(self.language, key, **values))
        text = say(self.language, short, page=self.page, **values)
        return Reply(text, short=text)

    @property
    def page(self) -> str:
        """The address of the page, for text messages."""
        return f"{self.turn.public_url}/{self.language}" if self.turn else ""

    def button(self, key: str, intent: str, **entities: str) -> QuickReply:
        """A quick reply labelled with the text `key`, by text message with the one below `sms.`."""
        short = f"sms.{key}"
        label = say(self.language, short if self.by_text and has_text(short) else key)
        return QuickReply(label, intent, tuple(entities.items()))


def _slot_language(tracker: Tracker) -> str:
    return "fr" if tracker.get_slot("language") == "fr" else "en"
