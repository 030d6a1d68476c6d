"""Questions that data/answers answers for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.asked import Asked
from actions.person import person_button
from bot.answers.help import help_answer, term_answer
from bot.chat.reply import Reply

# Whoever says this may need a person: the answer offers one, with the reason why.
OFFERED = {
    "complain": "complaint",
    "urgent_need": "urgent_need",
    "details_not_matching": "form_failed",
    "code_not_received": "form_failed",
    "email_not_on_file": "form_failed",
}


class ActionAnswer(Action):
    """The general answer to the intent, with its official links."""

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = Asked(dispatcher, tracker)
        answer = help_answer(asked.intent, asked.language)
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
        codes = dict.fromkeys(tracker.get_latest_entity_values("status_term"))
        texts = [text for code in codes if (text := term_answer(code, asked.language))]
        general = help_answer("explain_status_term", asked.language)
        asked.reply(Reply("\n\n".join(texts), general.links) if texts else general)
        return []
