"""Questions that data/answers answers for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.asked import Asked
from actions.person import person_button
from bot.answers.help import answers, help_answer, term_answer, term_short
from bot.chat.reply import QuickReply, Reply

# Why a person is offered below these answers, beside those of data/answers with `hand_over`.
REASONS = {
    "complain": "complaint",
    "urgent_need": "urgent_need",
    "details_not_matching": "form_failed",
    "code_not_received": "form_failed",
    "email_not_on_file": "form_failed",
}


def help_reply(asked: Asked, intent: str) -> Reply:
    """The general answer to `intent`; by text message its short form ends with the page."""
    reply = help_answer(intent, asked.language)
    short = f"{reply.short}\n{asked.page}" if asked.by_text else reply.short
    return replace(reply, choices=person_choice(asked, intent), short=short)


def person_choice(asked: Asked, intent: str) -> tuple[QuickReply, ...]:
    """The button that asks for a person, below answers that nobody should be left alone with
    (`hand_over` in data/answers), and where what people tried did not work."""
    offered = intent in REASONS or intent in answers().hand_over
    return (person_button(asked, REASONS.get(intent, "asked")),) if offered else ()


def section_reply(asked: Asked, intent: str, section: str | None) -> Reply:
    """The general answer to `intent`, after what the sections asked about are ("test passed, when
    is the oath?" names two); in a text message there is room for the first of them only."""
    reply = help_reply(asked, intent)
    named = (section, *asked.tracker.get_latest_entity_values("section")) if section else ()
    codes = [code for code in dict.fromkeys(named) if code and term_answer(code, asked.language)]
    if not codes:
        return reply
    meanings = [str(term_answer(code, asked.language)) for code in codes]
    text = "\n\n".join([*meanings, reply.text])
    return replace(reply, text=text, short=term_short(codes[0], asked.language))


class ActionAnswer(Action):
    """The general answer to the intent, with its official links."""

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = Asked(dispatcher, tracker)
        asked.reply(help_reply(asked, asked.intent))
        return []


class ActionExplainTerm(Action):
    """What a status word or abbreviation means, and what it does not mean."""

    def name(self) -> str:
        return "action_explain_term"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = Asked(dispatcher, tracker)
        found = dict.fromkeys(tracker.get_latest_entity_values("status_term"))
        codes = [code for code in found if term_answer(code, asked.language)]
        texts = [str(term_answer(code, asked.language)) for code in codes]
        general = help_reply(asked, "explain_status_term")
        if not texts:
            asked.reply(general)
            return []
        # One term takes the room of a text message.
        short = term_short(codes[0], asked.language)
        asked.reply(Reply("\n\n".join(texts), general.links, short=short))
        return []
