"""The question at the end, and its answer: a quick reply on the page, a digit by text message."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.asked import Asked
from bot.handoff.rating import INTENT, SCORES, ask, question, rate


class ActionRating(Action):
    """Asks, if there is something to ask about; takes the score that a quick reply brings."""

    def name(self) -> str:
        return "action_rating"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = Asked(dispatcher, tracker)
        if asked.turn is not None:
            score = asked.entity("score") if asked.intent == INTENT else None
            _ask(asked) if score is None else _take(asked, score)
        return []


def _ask(asked: Asked) -> None:
    assert asked.turn is not None
    here = asked.turn.conversation_id
    with asked.turn.database.read() as session:
        about = question(session, here)
    if about is None:
        # After a farewell other lines must stand there; on its own there is nothing to say.
        asked.turn.silent = asked.intent == INTENT
        return
    asked.turn.later(lambda session: ask(session, here, about))
    buttons = tuple(
        asked.button(f"handoff.rating.s{score}", INTENT, score=str(score)) for score in SCORES
    )
    asked.reply(replace(asked.words("handoff.rating.question"), choices=buttons))


def _take(asked: Asked, score: str) -> None:
    assert asked.turn is not None
    here = asked.turn.conversation_id
    asked.turn.later(lambda session: rate(session, here, int(score)))
    asked.say("handoff.rating.thanks")
