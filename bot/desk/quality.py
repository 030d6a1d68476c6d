"""The quality view: what the bot said where it did not help, and what it should have said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.agents.sessions import AgentView
from bot.audit import record
from bot.chat.conversations import LineView, conversation_language
from bot.clock import now
from bot.desk.alerts import show
from bot.desk.unclear import LOOK_BACK, SHOWN, before_agent, known_names, line_of, unclear_lines
from bot.desk.viewing import NotHere, desk_lines
from bot.desk.words import meanings, topic_label
from bot.handoff.speaking import LONGEST, clean
from bot.privacy.details import hide
from bot.store import Conversation, Handoff, Inbox, Line, Misheard, Rating, Remark
from bot.texts import say

# This score or a lower one: it did not help.
BAD = 2
_TABLES = {"h": Handoff, "m": Misheard, "r": Rating}


class RemarkRefused(Exception):
    """No such line or intent, or the text is too long."""


@dataclass(frozen=True)
class Troubled:
    """A conversation to look at. `key` names it in an address: h and a hand-off's number, r and a
    rating's, or m and that of a message (bot/desk/unclear.py). The conversation's own id stays on
    the server."""

    key: str
    at: datetime
    why: str
    topic: str
    language: str
    channel: str
    remarks: int


@dataclass(frozen=True)
class Reading:
    """The part of the conversation in which the bot spoke, what was remarked on its lines, and of
    those that it did not understand what they may have meant; `wanted` is the line that `key`
    names, if it names one."""

    key: str
    language: str
    lines: list[LineView]
    remarks: dict[int, list[Remark]]
    unclear: dict[int, list[str]]
    wanted: int | None


def troubled(session: Any, language: str) -> list[Troubled]:
    """Those of the last thirty days that ended in a hand-off or a bad rating, newest first."""
    since = now() - LOOK_BACK
    remarks = dict(
        session.execute(
            select(Remark.conversation_id, func.count()).group_by(Remark.conversation_id)
        ).all()
    )
    handoffs = session.execute(
        select(
            Handoff.id, Handoff.conversation_id, Handoff.asked_at, Handoff.reason, Handoff.topic,
            Handoff.language, Handoff.channel,
        )
        .where(Handoff.asked_at >= since)
        .order_by(Handoff.id.desc())
        .limit(SHOWN)
    )  # fmt: skip
    found = [
        Troubled(
            f"h{row.id}",
            row.asked_at,
            say(language, f"desk.reason.{row.reason}"),
            topic_label(language, row.topic),
            row.language,
            row.channel,
            remarks.get(row.conversation_id, 0),
        )
        for row in handoffs
    ]
    ratings = session.execute(
        select(Rating)
        .where(Rating.answered_at >= since, Rating.score <= BAD)
        .order_by(Rating.id.desc())
        .limit(SHOWN)
    ).scalars()
    found += [
        Troubled(
            f"r{row.id}",
            row.answered_at,
            say(language, "desk.quality.rated", score=row.score),
            "–",
            row.language,
            row.channel,
            remarks.get(row.conversation_id, 0),
        )
        for row in ratings
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]


def reading(session: Any, key: str, me: AgentView, language: str) -> Reading:
    """The lines before an agent came; one audit row.

    Raises:
        NotHere
    """
    here, last, wanted = _place(session, key)
    show(session, "desk.quality_shown", me, here, of=key)
    lines = [
        line
        for line in desk_lines(session, here, 0, language)
        if line.number <= last and line.author in ("user", "bot")
    ]
    remarks: dict[int, list[Remark]] = {}
    for remark in session.scalars(
        select(Remark).where(Remark.conversation_id == here).order_by(Remark.id)
    ):
        remarks.setdefault(remark.line, []).append(remark)
    spoken = conversation_language(session, here)
    return Reading(key, spoken, lines, remarks, unclear_lines(session, here, language), wanted)


def remark(session: Any, key: str, me: AgentView, line: int, intent: str, should: str) -> None:
    """Note that the message in `line` meant `intent` and, unless `should` is empty, what the bot
    should have said. Personal details are taken out of both texts.

    Raises:
        NotHere
        RemarkRefused
    """
    here, last, _ = _place(session, key)
    said = _said(session, here, line) if line <= last else None
    if said is None or intent not in meanings() or len(should) > LONGEST:
        raise RemarkRefused
    names = known_names(session, [here]).get(here, ())
    wanted = hide(clean(should), names).text if should.strip() else ""
    session.add(
        Remark(
            conversation_id=here,
            line=line,
            agent_id=me.id,
            kind="answer" if wanted else "intent",
            intent=intent,
            language=conversation_language(session, here),
            said=hide(said, names).text,
            should=wanted,
            created_at=now(),
        )
    )
    record(session, "desk.remark_written", conversation_id=here, agent=me.actor, line=line)
    session.flush()


def _place(session: Any, key: str) -> tuple[str, int, int | None]:
    """The conversation that `key` names, the last line that was the bot's to answer, and the line
    that is meant, if it is one."""
    table, number = _TABLES.get(key[:1]), key[1:]
    if table is None or not (number.isascii() and number.isdecimal()):
        raise NotHere
    row = session.get(table, int(number[:18]))
    if row is None:
        raise NotHere
    if isinstance(row, Misheard):
        return row.conversation_id, before_agent(session, row), line_of(session, row)
    last = session.scalar(
        select(Conversation.last_line).where(Conversation.id == row.conversation_id)
    )
    claimed = row.from_line if isinstance(row, Handoff) else None
    return row.conversation_id, int(last if claimed is None else claimed), None


def _said(session: Any, here: str, number: int) -> str | None:
    """A message as the engine got it, or None when that line is nobody's message."""
    line = session.execute(
        select(Line).where(
            Line.conversation_id == here, Line.number == number, Line.author == "user"
        )
    ).scalar_one_or_none()
    if line is None:
        return None
    taken = session.scalar(
        select(Inbox.text).where(Inbox.conversation_id == here, Inbox.client_id == line.client_id)
    )
    return str(taken or line.body["text"])
