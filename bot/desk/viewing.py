"""One conversation as an agent sees it. Opening it is written into the audit trail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bot.agents.sessions import AgentView
from bot.chat.conversations import LineView, lines_after
from bot.desk.alerts import show
from bot.desk.file_panel import files_of, is_representative
from bot.desk.words import topic_label, tried_label
from bot.handoff import due_at, notes
from bot.identity.sessions import verified_person
from bot.store import Agent, Conversation, Handoff, Outbound
from bot.texts import has_text, say

# What these cards show is the file: it stays masked in the transcript too (bot/desk/file_panel.py).
MASKED_CARDS = frozenset({"case", "landing"})


class NotHere(Exception):
    """There is no such hand-off, or this agent may not look at it."""


def found(session: Any, handoff_id: int, me: AgentView) -> Handoff:
    """The hand-off, if its language is one of the agent's, or they have it, or supervise.

    Raises:
        NotHere
    """
    handoff = session.get(Handoff, handoff_id)
    if handoff is None:
        raise NotHere
    mine = me.id in (handoff.agent_id, handoff.meant_for)
    if not (mine or handoff.language in me.languages or me.may("supervise")):
        raise NotHere
    return handoff


def opened(session: Any, handoff_id: int, me: AgentView, language: str) -> dict[str, Any]:
    """Everything beside the lines, in the words of `language`; one audit row.

    Raises:
        NotHere
    """
    handoff = found(session, handoff_id, me)
    show(session, "desk.conversation_shown", me, handoff.conversation_id, handoff=handoff.id)
    return described(session, handoff, me, language)


def described(session: Any, handoff: Handoff, me: AgentView, language: str) -> dict[str, Any]:
    """The same without a row: for the answer to what the agent did there just now."""
    cid = handoff.conversation_id
    person = verified_person(session, cid)
    active = handoff.state == "active"
    owner = session.get(Agent, handoff.agent_id) if handoff.agent_id else None
    due = due_at(handoff)
    return {
        "id": handoff.id,
        "version": handoff.version,
        "state": handoff.state,
        "state_label": say(language, f"desk.state.{handoff.state}"),
        "mine": active and handoff.agent_id == me.id,
        "can_take": handoff.state in ("requested", "queued")
        and handoff.language in me.languages
        and handoff.meant_for in (None, me.id),
        "supervised": me.may("supervise") and active and handoff.agent_id != me.id,
        "owner": owner.name if owner and active else None,
        "reason": say(language, f"desk.reason.{handoff.reason}"),
        "topic": topic_label(language, handoff.topic),
        "language": handoff.language,
        "channel": handoff.channel,
        "channel_label": say(language, f"desk.channel.{handoff.channel}"),
        "urgent": handoff.urgent,
        "left": handoff.left,
        "asked_at": handoff.asked_at.isoformat(timespec="seconds"),
        "due_at": due.isoformat(timespec="seconds") if due else None,
        "tried": [tried_label(language, each) for each in handoff.tried],
        "proven": person is not None,
        "representative": person is not None and is_representative(session, person),
        "files": files_of(session, person, language) if person is not None and active else [],
        "notes": _notes(session, cid, me, language),
        "delivery": _delivery(session, cid),
        "colleagues": _colleagues(session, handoff, me),
        "talking": session.scalar(select(Conversation.language).where(Conversation.id == cid)),
    }


def desk_lines(session: Any, conversation_id: str, cursor: int, language: str) -> list[LineView]:
    """The applicant's own lines after the same cursor, but with nothing to press, and what shows a
    file left out."""
    return [_shown(line, language) for line in lines_after(session, conversation_id, cursor)]


def _shown(line: LineView, language: str) -> LineView:
    body = dict(line.body)
    choices = body.pop("choices", None)
    if choices:
        body["offered"] = [choice["label"] for choice in choices]
    kind = body.pop("card", {}).get("kind")
    if kind in MASKED_CARDS:
        body = {"text": say(language, "desk.talk.masked"), "lang": language, "masked": True}
    elif kind and has_text(f"desk.form.{kind}"):
        body["form"] = say(language, f"desk.form.{kind}")
    return replace(line, body=body)


def _notes(session: Any, cid: str, me: AgentView, language: str) -> list[dict[str, Any]]:
    rows = [
        one
        for one in notes(session, cid)
        if one.kind != "word" or me.id in (one.to_agent_id, one.agent_id)
    ]
    ids = {one.agent_id for one in rows}
    names = dict(session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(ids))).all())
    return [
        {
            "id": one.id,
            "by": names.get(one.agent_id, "–"),
            "kind": one.kind,
            "kind_label": say(language, f"desk.notes.kind_{one.kind}"),
            "text": one.text,
            "unread": one.to_agent_id == me.id and one.kind == "word" and one.seen_at is None,
            "at": one.created_at.isoformat(timespec="seconds"),
        }
        for one in rows
    ]


def _delivery(session: Any, cid: str) -> dict[str, str]:
    """What became of the lines that went out as text messages, by their number."""
    rows = session.execute(
        select(Outbound.line, Outbound.state).where(
            Outbound.conversation_id == cid, Outbound.line.is_not(None)
        )
    )
    return {str(row.line): row.state for row in rows}


def _colleagues(session: Any, handoff: Handoff, me: AgentView) -> list[dict[str, str]]:
    """To whom it can be passed on: who speaks its language and talks with applicants."""
    speaks = Agent.speaks_fr if handoff.language == "fr" else Agent.speaks_en
    rows = session.execute(
        select(Agent.login, Agent.name)
        .where(speaks, Agent.ended_at.is_(None), Agent.id != me.id)
        .where(Agent.role != "administrator")
        .order_by(Agent.name)
    )
    return [{"login": row.login, "name": row.name} for row in rows]
