"""Questions about one's own case: from the person's file when they have proved who they are,
otherwise in general, with the way to prove it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.asked import Asked
from actions.help_content import section_reply
from actions.landing import LANDING_QUESTIONS, answer_landing
from actions.notices import NOTICE_QUESTIONS, answer_notices
from actions.own_cases import PRODUCTS, answer_from_case
from bot.chat.reply import QuickReply, Reply
from bot.texts import say

Events = list[dict[str, Any]]
# By text message these are answered in general: the own figures take more room.
GENERAL = frozenset({"ask_processing_time", "report_overdue"})


def answer_question(asked: Asked, question: str, section: str | None) -> Events:
    """Answer `question` from the person's case, or lead to it."""
    person_id = asked.person()
    if asked.by_text and (person_id is None or question in GENERAL):
        return _by_text(asked, question, section)
    if person_id is None:
        return _stranger(asked, question, section)
    answer_from_case(asked, person_id, question, section)
    return [SlotSet("pending_question", None), SlotSet("section", None)]


def answer_detail(asked: Asked) -> Events | None:
    """A bare detail ("citizenship", "biometrics"): take it as the answer to what was asked last.

    None when it answers nothing that was asked.
    """
    section = asked.entity("section")
    pending = asked.slot("pending_question")
    if section is not None and (pending or asked.person() is not None):
        return answer_question(asked, "check_section", section)
    if asked.entity("product") is not None and pending and not asked.by_text:
        return _ask_details(asked, pending, asked.slot("section"))
    return None


def _by_text(asked: Asked, question: str, section: str | None) -> Events:
    """In general; whose phone it is has to be proven on the page, never by text message."""
    if question == "check_status":
        asked.say("talk.link_first")
    else:
        asked.reply(section_reply(asked, question, section))
    return []


def _stranger(asked: Asked, question: str, section: str | None) -> Events:
    """Nobody has proved who they are: the general answer, then the way to the own case."""
    remember = [SlotSet("pending_question", question), SlotSet("section", section)]
    if question == "check_status":
        return _ask_details(asked, question, section)
    general = section_reply(asked, question, section)
    own = asked.button("talk.see_my_case", "check_status", keep="question")
    asked.reply(replace(general, choices=(own, *general.choices)))
    return remember


def _ask_details(asked: Asked, question: str, section: str | None) -> Events:
    """The form, once it is clear which product is meant; `question` is answered after it."""
    product = asked.slot("product")
    if product not in PRODUCTS:
        asked.reply(Reply(say(asked.language, "talk.which_product"), choices=_products(asked)))
    else:
        card = {"kind": "identify", "product": product}
        asked.reply(Reply(say(asked.language, "talk.identify"), card=card))
    return [SlotSet("pending_question", question), SlotSet("section", section)]


def _products(asked: Asked) -> tuple[QuickReply, ...]:
    """To press one is no new question: what was asked before is answered after the form."""
    mine = [
        asked.button(f"case.product.{p}", "check_status", product=p, keep="question")
        for p in PRODUCTS
    ]
    return (*mine, asked.button("talk.other_product", "ask_other_program"))


class _Question(Action):
    """An action that answers the question its name ends with."""

    question = ""

    def name(self) -> str:
        return f"action_{self.question}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        asked = Asked(dispatcher, tracker)
        return answer_question(asked, self.question, asked.entity("section"))


class ActionCheckStatus(_Question):
    question = "check_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """ "See my own case" under a general answer keeps that question for after the form."""
        asked = Asked(dispatcher, tracker)
        pending = asked.slot("pending_question")
        if pending and asked.entity("keep") and asked.person() is None:
            return _ask_details(asked, pending, asked.slot("section"))
        return answer_question(asked, self.question, None)


class ActionCheckSection(_Question):
    question = "check_section"


class ActionCheckNextSteps(_Question):
    question = "check_next_steps"


class ActionCheckHistory(_Question):
    question = "check_history"


class ActionAskGhostUpdate(_Question):
    question = "ask_ghost_update"


class ActionAskNoMovement(_Question):
    question = "ask_no_movement"


class ActionAskProcessingTime(_Question):
    question = "ask_processing_time"


class ActionReportOverdue(_Question):
    question = "report_overdue"


class ActionContinue(Action):
    """The person has just proved who they are: answer what they had asked."""

    def name(self) -> str:
        return "action_continue"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        asked = Asked(dispatcher, tracker)
        question = asked.slot("pending_question") or "check_status"
        if question in LANDING_QUESTIONS:
            return answer_landing(asked, question)
        if question in NOTICE_QUESTIONS:
            return answer_notices(asked, question)
        return answer_question(asked, question, asked.slot("section"))
