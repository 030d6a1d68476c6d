"""The conversation itself: greeting, help, leaving, repeating, another language, unsureness."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from actions.asked import Asked
from actions.case_questions import answer_detail
from actions.person import not_understood_again, person_button, request_person
from actions.retelling import may_be_retold
from bot import audit
from bot.chat.conversations import set_language
from bot.chat.reply import QuickReply, Reply
from bot.identity.leaving import leave
from bot.identity.sessions import verified_person
from bot.store import Line
from bot.texts import LANGUAGES, has_text
from bot.vault import empty

Events = list[dict[str, Any]]
FORGET = [
    SlotSet("pending_question", None),
    SlotSet("section", None),
    SlotSet("product", None),
]
# Offered when a message was not understood: at most this many meanings.
MEANINGS = 3


class _Talk(Action):
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


class ActionWelcome(_Talk):
    """The first words: what this is, that it is a bot, and the privacy notice, once."""

    called = "action_welcome"

    def answer(self, asked: Asked) -> Events:
        asked.say("talk.welcome")
        asked.reply(replace(asked.words("talk.privacy"), choices=menu(asked)))
        return []


class ActionHelp(_Talk):
    called = "action_help"

    def answer(self, asked: Asked) -> Events:
        asked.reply(replace(asked.words("talk.help"), choices=menu(asked)))
        return []


class ActionCancel(_Talk):
    called = "action_cancel"

    def answer(self, asked: Asked) -> Events:
        asked.reply(replace(asked.words("talk.cancelled"), choices=menu(asked)))
        return FORGET


class ActionRestart(_Talk):
    """Takes the place of Rasa's own, which would also forget the conversation's language."""

    called = "action_restart"

    def answer(self, asked: Asked) -> Events:
        asked.reply(replace(asked.words("talk.restarted"), choices=menu(asked)))
        return FORGET


class ActionRequestAgent(_Talk):
    """A person, in one step from any state (actions/person.py)."""

    called = "action_request_agent"

    def answer(self, asked: Asked) -> Events:
        request_person(asked)
        return []


class ActionInform(_Talk):
    """A detail out of the blue: used when it answers what was asked, never kept otherwise."""

    called = "action_inform"

    def answer(self, asked: Asked) -> Events:
        taken = answer_detail(asked)
        if taken is None:
            asked.say("talk.inform")
        return taken or []


class ActionRepeat(_Talk):
    """The last answer again, without its buttons (they work once)."""

    called = "action_repeat"

    def answer(self, asked: Asked) -> Events:
        body = self._last(asked)
        if body is None:
            asked.say("talk.nothing_to_repeat")
        elif asked.turn is not None and not may_be_retold(asked.turn):
            asked.say("talk.no_case")
        else:
            links = tuple((link["label"], link["url"]) for link in body.get("links", []))
            text, card = body["text"], body.get("card")
            asked.reply(Reply(text, links, card=card, short=text), body.get("lang"))
        return []

    def _last(self, asked: Asked) -> dict[str, Any] | None:
        if asked.turn is None:
            return None
        with asked.turn.database.read() as session:
            return session.scalar(
                select(Line.body)
                .where(Line.conversation_id == asked.turn.conversation_id, Line.author == "bot")
                .order_by(Line.number.desc())
                .limit(1)
            )


class ActionSwitchLanguage(_Talk):
    """The task stays as it is; only the words change."""

    called = "action_switch_language"

    def answer(self, asked: Asked) -> Events:
        wanted = asked.entity("language")
        if wanted not in LANGUAGES:
            choices = (
                asked.button("talk.english", "switch_language", language="en"),
                asked.button("talk.french", "switch_language", language="fr"),
            )
            asked.reply(replace(asked.words("talk.language_which"), choices=choices))
            return []
        if asked.turn is not None:
            conversation_id = asked.turn.conversation_id
            asked.turn.later(lambda session: set_language(session, conversation_id, wanted))
            asked.turn.language = wanted
        asked.language = wanted
        asked.say("talk.language_set")
        return [SlotSet("language", wanted)]


class ActionLogOut(_Talk):
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


class ActionClarify(_Talk):
    """Not sure: offer the likeliest meanings instead of guessing."""

    called = "action_clarify"

    def answer(self, asked: Asked) -> Events:
        taken = answer_detail(asked)
        if taken is not None:
            return taken
        ranking = asked.tracker.latest_message.get("intent_ranking", [])
        names = [entry["name"] for entry in ranking if has_text(f"intents.{entry['name']}")]
        choices = tuple(asked.button(f"intents.{name}", name) for name in names[:MEANINGS])
        none = asked.button("talk.none_of_these", "ask_help")
        if not_understood_again(asked):
            asked.say("handoff.offer.not_understood")
            choices = (person_button(asked, "not_understood"), *choices)
        asked.reply(replace(asked.words("talk.clarify"), choices=(*choices, none)))
        return []
