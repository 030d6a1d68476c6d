"""Questions about one's own case: from the person's file when they have proved who they are,
otherwise in general, with the way to prove it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.asked import Asked
from bot import audit
from bot.answers import case
from bot.answers.help import help_answer
from bot.answers.wording import masked, section_name
from bot.cases.lines import line_of
from bot.cases.reading import CaseView, read_case
from bot.chat.reply import QuickReply, Reply
from bot.clock import today
from bot.identity.rights import Grant, readable_applications
from bot.identity.sessions import verified_person
from bot.texts import say

Events = list[dict[str, Any]]
PRODUCTS = ("permanent_residence", "citizenship")

# The question -> the answer from a case.
QUESTIONS: dict[str, Callable[[CaseView, str], Reply]] = {
    "check_status": case.status_answer,
    "check_next_steps": case.next_steps_answer,
    "check_history": case.history_answer,
    "ask_ghost_update": case.ghost_answer,
    "ask_no_movement": case.still_answer,
    "ask_processing_time": case.time_answer,
    "report_overdue": case.time_answer,
}


def answer_question(asked: Asked, question: str, section: str | None) -> Events:
    """Answer `question` from the person's case, or lead to it."""
    person_id = _person(asked)
    if person_id is None:
        return _stranger(asked, question, section)
    assert asked.turn is not None
    with asked.turn.database.read() as session:
        cases = [
            (grant, read_case(session, grant.application_id, person_id, today()))
            for grant in readable_applications(session, person_id)
        ]
    chosen = _choose(asked, cases)
    if chosen is not None:
        grant, view = chosen
        _disclose(asked, person_id, grant, question)
        asked.reply(_answer(asked, question, section, view, grant))
    return [SlotSet("pending_question", None), SlotSet("section", None)]


def answer_detail(asked: Asked) -> Events | None:
    """A bare detail ("citizenship", "biometrics"): take it as the answer to what was asked last.

    None when it answers nothing that was asked.
    """
    section = asked.entity("section")
    pending = asked.slot("pending_question")
    if section is not None and (pending or _person(asked) is not None):
        return answer_question(asked, "check_section", section)
    if asked.entity("product") is not None and pending:
        return _ask_details(asked, pending, asked.slot("section"))
    return None


def _person(asked: Asked) -> int | None:
    if asked.turn is None:
        return None
    with asked.turn.database.read() as session:
        return verified_person(session, asked.turn.conversation_id)


def _stranger(asked: Asked, question: str, section: str | None) -> Events:
    """Nobody has proved who they are: the general answer, then the way to the own case."""
    remember = [SlotSet("pending_question", question), SlotSet("section", section)]
    if question == "check_status":
        return _ask_details(asked, question, section)
    general = help_answer(question, asked.language)
    asked.reply(
        replace(
            general, choices=(asked.button("talk.see_my_case", "check_status", keep="question"),)
        )
    )
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
    mine = [asked.button(f"case.product.{p}", "check_status", product=p) for p in PRODUCTS]
    return (*mine, asked.button("talk.other_product", "ask_other_program"))


def _choose(asked: Asked, cases: list[tuple[Grant, CaseView]]) -> tuple[Grant, CaseView] | None:
    """The case that is meant; asks when several could be."""
    if not cases:
        asked.say("talk.no_case")
        return None
    picked = asked.entity("application")
    product = asked.slot("product")
    wanted = [pair for pair in cases if picked in (None, pair[1].number)]
    if picked is None and product in PRODUCTS:
        wanted = [pair for pair in wanted if pair[1].product == product] or wanted
    if len(wanted) == 1:
        return wanted[0]
    choices = tuple(_case_choice(asked, view) for _, view in wanted)
    asked.reply(Reply(say(asked.language, "talk.which_case"), choices=choices))
    return None


def _case_choice(asked: Asked, view: CaseView) -> QuickReply:
    label = f"{line_of(view.line).names[asked.language]} ({masked(view.number)})"
    entities = (("application", view.number), ("product", view.product))
    return QuickReply(label, "check_status", entities)


def _disclose(asked: Asked, person_id: int, grant: Grant, question: str) -> None:
    """No audit row, no disclosure: it is written in the transaction that shows the answer."""
    assert asked.turn is not None
    conversation_id = asked.turn.conversation_id
    asked.turn.later(
        lambda session: audit.record(
            session,
            "case.disclosed",
            person_id=person_id,
            application_id=grant.application_id,
            conversation_id=conversation_id,
            question=question,
            full=grant.full,
        )
    )


def _answer(
    asked: Asked, question: str, section: str | None, view: CaseView, grant: Grant
) -> Reply:
    if not grant.full:
        return case.coarse_answer(view, asked.language)
    if question == "check_section":
        return _section(asked, section, view)
    reply = QUESTIONS[question](view, asked.language)
    return replace(reply, choices=_follow_ups(asked, question))


def _section(asked: Asked, section: str | None, view: CaseView) -> Reply:
    if section is not None:
        return case.section_answer(view, section, asked.language)
    choices = tuple(
        QuickReply(section_name(s.code, asked.language), "check_section", (("section", s.code),))
        for s in view.sections
    )
    return Reply(say(asked.language, "talk.which_section"), choices=choices)


def _follow_ups(asked: Asked, question: str) -> tuple[QuickReply, ...]:
    """What people ask next; not what was just answered."""
    offered = (
        ("next", "check_next_steps"),
        ("history", "check_history"),
        ("time", "ask_processing_time"),
        ("log_out", "log_out"),
    )
    return tuple(
        asked.button(f"talk.menu.{key}", intent) for key, intent in offered if intent != question
    )


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
        if pending and asked.entity("keep") and _person(asked) is None:
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
        return answer_question(asked, question, asked.slot("section"))
