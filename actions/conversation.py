"""The conversation itself: greeting, help, leaving, another language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.asked import Asked
from actions.case_questions import answer_detail
from actions.person import person_button, request_person
from bot import audit
from bot.chat.conversations import set_language
from bot.chat.following import OTHER
from bot.chat.reply import QuickReply
from bot.identity.leaving import leave
from bot.identity.sessions import verified_person
from bot.texts import LANGUAGES
from bot.vault import empty

Events = list[dict[str, Any]]
FORGET = [
    SlotSet("pending_question", None),
    SlotSet("section", None),
    SlotSet("product", None),
]


class Talk(Action):
    """An action with its name and what it does in one place."""

    called = ""

    def name(self) -> str:
        return self.called

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        return self.answer(Asked(dispatcher, tracker))

    def answer(self, asked: Asked) -> Events:
        raise NotImplementedError


def menu(asked: Asked) -> tuple[QuickReply, ...]:
    """The main topics as quick replies."""
    return (
        asked.button("talk.menu.status", "check_status"),
        asked.button("talk.menu.next", "check_next_steps"),
        asked.button("talk.menu.time", "ask_processing_time"),
        asked.button("talk.menu.landing", "ask_landing_process"),
    )


class ActionWelcome(Talk):
    """The first words: what this is, that it is a bot, and the privacy notice, once."""

    called = "action_welcome"

    def answer(self, asked: Asked) -> Events:
        asked.say("talk.welcome")
        asked.reply(replace(asked.words("talk.privacy"), choices=menu(asked)))
        return []


class ActionHelp(Talk):
    """What this can do; also after "none of these", with a person to talk to."""

    called = "action_help"

    def answer(self, asked: Asked) -> Events:
        if asked.entity("wish") == "none":
            person = person_button(asked, "not_understood")
            asked.reply(replace(asked.words("talk.rephrase"), choices=(*menu(asked), person)))
            return []
        asked.reply(replace(asked.words("talk.help"), choices=menu(asked)))
        return []


class ActionCancel(Talk):
    called = "action_cancel"

    def answer(self, asked: Asked) -> Events:
        asked.reply(replace(asked.words("talk.cancelled"), choices=menu(asked)))
        return FORGET


class ActionRestart(Talk):
    """Takes the place of Rasa's own, which would also forget the conversation's language."""

    called = "action_restart"

    def answer(self, asked: Asked) -> Events:
        asked.reply(replace(asked.words("talk.restarted"), choices=menu(asked)))
        return FORGET


class ActionRequestAgent(Talk):
    """A person, in one step from any state (actions/person.py)."""

    called = "action_request_agent"

    def answer(self, asked: Asked) -> Events:
        request_person(asked)
        return []


class ActionInform(Talk):
    """A detail out of the blue: used when it answers what was asked, never kept otherwise."""

    called = "action_inform"

    def answer(self, asked: Asked) -> Events:
        taken = answer_detail(asked)
        if taken is None:
            asked.say("talk.inform")
        return taken or []


class ActionSwitchLanguage(Talk):
    """The task stays as it is; only the words change."""

    called = "action_switch_language"

    def answer(self, asked: Asked) -> Events:
        wanted = asked.entity("language")
        if wanted not in LANGUAGES:
            choices = (
                asked.button("talk.english", "switch_language", language="en"),
                asked.button("talk.french", "switch_language", language="fr"),
            )
            which = "both_languages" if wanted == OTHER else "language_which"
            asked.reply(replace(asked.words(f"talk.{which}"), choices=choices))
            return []
        if asked.turn is not None:
            conversation_id = asked.turn.conversation_id
            asked.turn.later(lambda session: set_language(session, conversation_id, wanted))
            asked.turn.language = wanted
        asked.language = wanted
        asked.say("talk.language_set")
        return [SlotSet("language", wanted)]


class ActionLogOut(Talk):
    called = "action_log_out"

    def answer(self, asked: Asked) -> Events:
        if asked.turn is not None and not asked.by_text:
            asked.turn.later(_log_out(asked.turn.conversation_id))
        asked.say("identity.logged_out")
        return FORGET


def _log_out(conversation_id: str) -> Any:
    def write(session: Any) -> None:
        person_id = verified_person(session, conversation_id)
        leave(session, conversation_id)
        empty(session, conversation_id)
        audit.record(
            session, "identity.logged_out", person_id=person_id, conversation_id=conversation_id
        )

    return write
