"""The file of whoever proved who they are, as the agent of their conversation may see it: the same
facts that the person may see themselves, masked until a reason is given. No audit row, no view."""

from __future__ import annotations

from typing import Any

from bot.agents.sessions import AgentView
from bot.answers import case
from bot.answers.own_part import own_part_answer
from bot.answers.wording import masked
from bot.cases.lines import is_covered, line_of
from bot.cases.reading import ApplicationEntry, applications_of, read_case, read_own_part
from bot.chat.reply import Reply
from bot.clock import today
from bot.desk.alerts import show
from bot.handoff.rows import mine
from bot.identity.sessions import verified_person
from bot.rights.authorize import Viewer, require
from bot.rights.readable import Grant, readable_applications
from bot.store import Agent

# Why an agent looks. A closed list: the trail holds codes, never contents.
REASONS = ("question", "missing_item", "landing", "error", "complaint", "urgent")
_ACTS = {"detail": "read_detail", "status": "read_status", "own_part": "read_own_part"}


class NotProven(Exception):
    """Nobody has proved who they are in this conversation, or the file is not theirs."""


def files_of(session: Any, person_id: int, language: str) -> list[dict[str, Any]]:
    """What there is to open, with the middle of each number hidden."""
    return [
        {
            "id": entry.application_id,
            "title": f"{line_of(entry.line).names[language]} ({masked(entry.number)})",
        }
        for _, entry in _readable(session, person_id)
    ]


def is_representative(session: Any, person_id: int) -> bool:
    return any("representative" in entry.roles for entry in applications_of(session, person_id))


def open_file(
    session: Any,
    conversation_id: str,
    application_id: int,
    me: AgentView,
    reason: str,
    language: str,
) -> dict[str, Any]:
    """The file in the agent's language; one audit row in the same transaction.

    Raises:
        NotYours: another agent, or the bot, has the conversation.
        NotProven
        NotAllowed
        ValueError: no such reason.
    """
    if reason not in REASONS:
        raise ValueError(reason)
    mine(session, conversation_id, session.get(Agent, me.id))
    person = verified_person(session, conversation_id)
    if person is None:
        raise NotProven
    grant = _granted(session, person, application_id)
    viewer = Viewer(agent=me.actor, assigned=frozenset({person}))
    require(session, viewer, _ACTS[grant.level], person, application_id)
    show(
        session,
        "desk.file_shown",
        me,
        conversation_id,
        person_id=person,
        application_id=application_id,
        reason=reason,
        level=grant.level,
    )
    reply = _reply(session, person, grant, language)
    return {"text": reply.text, "lang": language, **reply.extras()}


def _granted(session: Any, person: int, application_id: int) -> Grant:
    for grant, _ in _readable(session, person):
        if grant.application_id == application_id:
            return grant
    raise NotProven


def _readable(session: Any, person_id: int) -> list[tuple[Grant, ApplicationEntry]]:
    entries = {entry.application_id: entry for entry in applications_of(session, person_id)}
    grants = [(g, entries[g.application_id]) for g in readable_applications(session, person_id)]
    return [(grant, entry) for grant, entry in grants if is_covered(entry.line)]


def _reply(session: Any, person: int, grant: Grant, language: str) -> Reply:
    """What is not granted to the person is not read for the agent either."""
    if grant.level == "own_part":
        part = read_own_part(session, grant.application_id, person, today())
        return own_part_answer(part, language)
    view = read_case(session, grant.application_id, person, today(), grant.about)
    answer = case.coarse_answer if grant.level == "status" else case.status_answer
    return answer(view, language)
