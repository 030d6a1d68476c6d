"""What is kept of a conversation, and "delete my data": asked once more, then done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.asked import Asked
from actions.help_content import help_reply
from actions.meanings import answer_other
from bot.answers.help import help_answer
from bot.chat.reply import Reply
from bot.chat.turn import Turn
from bot.identity.leaving import leave
from bot.identity.sessions import verified_person
from bot.retention.own_data import delete_own_data, may_delete
from bot.texts import say

Events = list[dict[str, Any]]
INTENT = "ask_privacy"
# Time to read what was deleted and what was not; then the page is cleared as well.
TO_READ = timedelta(minutes=2)


class ActionAskPrivacy(Action):
    """What is kept; with the entity `wish`: delete (asks first), delete_yes, delete_no."""

    def name(self) -> str:
        return "action_ask_privacy"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        asked = Asked(dispatcher, tracker)
        if asked.by_text:
            asked.reply(help_reply(asked, INTENT))
            return []
        answer = {"delete": _ask, "delete_yes": _delete, "delete_no": _keep}
        return answer.get(asked.entity("wish") or "", _explain)(asked)


class ActionAffirm(Action):
    """A typed yes: to the question whether to delete, when that was the last thing said."""

    def name(self) -> str:
        return "action_affirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        if just_asked(tracker.events):
            return _delete(Asked(dispatcher, tracker))
        dispatcher.utter_message(response="utter_affirm")
        return []


class ActionDeny(Action):
    """A typed no, likewise; or "no, not that" (bot/engine/hearing.py)."""

    def name(self) -> str:
        return "action_deny"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        asked = Asked(dispatcher, tracker)
        if just_asked(tracker.events):
            return _keep(asked)
        if asked.entity("wish") == "other_one":
            answer_other(asked)
            return []
        dispatcher.utter_message(response="utter_deny")
        return []


def just_asked(events: list[dict[str, Any]]) -> bool:
    """True when the question whether to delete was asked between the last two messages: a yes
    to something else must not delete."""
    messages = 0
    for event in reversed(events):
        messages += event["event"] == "user"
        if messages == 2:
            return False
        if event["event"] == "slot" and event["name"] == "confirming":
            return bool(event["value"] == "delete")
    return False


def _explain(asked: Asked) -> Events:
    button = asked.button("privacy.delete", INTENT, wish="delete")
    asked.reply(replace(help_answer(INTENT, asked.language), choices=(button,)))
    return []


def _ask(asked: Asked) -> Events:
    """Say exactly what will go and what must stay."""
    if asked.turn is None:
        return _explain(asked)
    person_id, allowed = _who(asked.turn)
    if not allowed:
        return _on_hold(asked)
    parts = ("goes" if person_id is None else "goes_signed_in", "stays", "sure")
    choices = (
        asked.button("privacy.yes", INTENT, wish="delete_yes"),
        asked.button("privacy.no", INTENT, wish="delete_no"),
    )
    text = "\n\n".join(say(asked.language, f"privacy.{part}") for part in parts)
    asked.reply(Reply(text, choices=choices))
    return [SlotSet("confirming", "delete")]


def _delete(asked: Asked) -> Events:
    if asked.turn is None:
        return _explain(asked)
    person_id, allowed = _who(asked.turn)
    if not allowed:
        return _on_hold(asked)
    conversation_id = asked.turn.conversation_id

    def write(session: Any) -> None:
        delete_own_data(session, conversation_id, person_id)
        leave(session, conversation_id, TO_READ)

    asked.turn.later(write)
    asked.turn.forgets = True
    asked.say("privacy.deleted")
    return []


def _keep(asked: Asked) -> Events:
    asked.say("privacy.nothing_deleted")
    return []


def _on_hold(asked: Asked) -> Events:
    asked.reply(Reply(say(asked.language, "privacy.on_hold"), _links(asked)))
    return []


def _links(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Where a request under the Privacy Act is made."""
    return help_answer(INTENT, asked.language).links


def _who(turn: Turn) -> tuple[int | None, bool]:
    """(who is signed in, whether what they left may be deleted now)."""
    with turn.database.read() as session:
        person_id = verified_person(session, turn.conversation_id)
        return person_id, may_delete(session, turn.conversation_id, person_id)
