"""The cases of a person who has proved who they are: which one is meant, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from actions.asked import Asked
from actions.retelling import DISCLOSED
from bot import audit
from bot.answers import case
from bot.answers.own_part import own_part_answer
from bot.answers.texted import case_text, coarse_text, entry_labels, own_part_text
from bot.answers.wording import masked, section_name
from bot.cases.lines import is_covered, line_of
from bot.cases.reading import (
    ApplicationEntry,
    CaseView,
    applications_of,
    read_case,
    read_own_part,
)
from bot.chat.reply import QuickReply, Reply
from bot.clock import today
from bot.landing.reading import standings
from bot.rights.readable import Grant, readable_applications
from bot.texts import say

PRODUCTS = ("permanent_residence", "citizenship")
# By text message there is one answer to all of them (bot/answers/texted.py).
BY_TEXT = "text"
Readable = list[tuple[Grant, ApplicationEntry]]

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


def answer_from_case(asked: Asked, person_id: int, question: str, section: str | None) -> None:
    """Answer `question` from the case that is meant; ask which when several could be."""
    assert asked.turn is not None
    if asked.by_text:
        question = BY_TEXT
    with asked.turn.database.read() as session:
        grant = _choose(asked, _readable(session, person_id))
        if grant is None:
            return
        reply = _answer(asked, session, person_id, grant, question, section)
    _disclose(asked, person_id, grant, question)
    asked.reply(reply)


def _readable(session: Any, person_id: int) -> Readable:
    """What the person may read of what Passage shows."""
    entries = {entry.application_id: entry for entry in applications_of(session, person_id)}
    grants = [(g, entries[g.application_id]) for g in readable_applications(session, person_id)]
    return [(grant, entry) for grant, entry in grants if is_covered(entry.line)]


def _choose(asked: Asked, readable: Readable) -> Grant | None:
    """The case that is meant; asks when several could be."""
    picked, product = asked.entity("application"), asked.slot("product")
    wanted = [pair for pair in readable if picked in (None, pair[1].number)]
    if picked is None and product in PRODUCTS:
        wanted = [pair for pair in wanted if pair[1].product == product] or wanted
    if not wanted:
        asked.say("talk.no_case")
        return None
    if len(wanted) == 1:
        return wanted[0][0]
    entries = [entry for _, entry in wanted]
    choices = tuple(
        _case_choice(entry, label)
        for entry, label in zip(entries, _labels(asked, entries), strict=True)
    )
    asked.reply(replace(asked.words("talk.which_case"), choices=choices))
    return None


def _labels(asked: Asked, entries: list[ApplicationEntry]) -> list[str]:
    if asked.by_text:
        return entry_labels(entries, asked.language)
    return [f"{line_of(e.line).names[asked.language]} ({masked(e.number)})" for e in entries]


def _case_choice(entry: ApplicationEntry, label: str) -> QuickReply:
    entities = (("application", entry.number), ("product", entry.product))
    return QuickReply(label, "check_status", entities)


def _answer(
    asked: Asked, session: Any, person_id: int, grant: Grant, question: str, section: str | None
) -> Reply:
    """What is not granted is not read either, whatever the question."""
    if grant.level == "own_part":
        part = read_own_part(session, grant.application_id, person_id, today())
        if asked.by_text:
            return _texted(own_part_text(part, asked.language, asked.page))
        return own_part_answer(part, asked.language)
    view = read_case(session, grant.application_id, person_id, today(), grant.about)
    if asked.by_text:
        return _texted(_case_text(asked, session, person_id, grant, view))
    if grant.level == "status":
        return case.coarse_answer(view, asked.language)
    if question == "check_section":
        return _section(asked, section, view)
    reply = QUESTIONS[question](view, asked.language)
    return replace(reply, choices=_follow_ups(asked, question))


def _case_text(asked: Asked, session: Any, person_id: int, grant: Grant, view: CaseView) -> str:
    if grant.level == "status":
        return coarse_text(view, asked.language, asked.page)
    own = (s for s in standings(session, person_id) if s.mine)
    landing = next((s for s in own if s.place.application_id == grant.application_id), None)
    return case_text(view, landing, asked.language, asked.page)


def _texted(text: str) -> Reply:
    return Reply(text, short=text)


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


def _disclose(asked: Asked, person_id: int, grant: Grant, question: str) -> None:
    """No audit row, no disclosure: it is written in the transaction that shows the answer."""
    assert asked.turn is not None
    conversation_id = asked.turn.conversation_id
    asked.turn.later(
        lambda session: audit.record(
            session,
            DISCLOSED,
            person_id=person_id,
            application_id=grant.application_id,
            conversation_id=conversation_id,
            question=question,
            level=grant.level,
        )
    )
