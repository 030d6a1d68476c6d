"""Questions that data/answers answers for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.asked import Asked
from actions.person import person_button
from bot.answers.help import help_answer, term_answer, term_short
from bot.chat.reply import Reply

# Whoever says this may need a person: the answer offers one, with the reason why.
OFFERED = {
    "complain": "complaint",
    "urgent_need": "urgent_need",
    "details_not_matching": "form_failed",
    "code_not_received": "form_failed",
    "email_not_on_file": "form_failed",
}


def help_reply(asked: Asked, intent: str) -> Reply:
    """The general answer to `intent`; by text message its short form ends with the page."""
    reply = help_answer(intent, asked.language)
    return replace(reply, short=f"{reply.short}\n{asked.page}") if asked.by_text else reply


class ActionAnswer(Action):
    """The general answer to the intent, with its official links."""

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = Asked(dispatcher, tracker)
        answer = help_reply(asked, asked.intent)
        if asked.intent in OFFERED:
            button = person_button(asked, OFFERED[asked.intent])
            answer = replace(answer, choices=(*answer.choices, button))
        asked.reply(answer)
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
