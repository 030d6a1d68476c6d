"""The quality view: what the bot said where it did not help, and what it should have said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from bot.agents.sessions import AgentView
from bot.audit import record
from bot.chat.conversations import LineView, conversation_language
from bot.clock import now
from bot.desk.alerts import show
from bot.desk.viewing import NotHere, desk_lines
from bot.desk.words import topic_label
from bot.handoff.speaking import LONGEST, clean
from bot.privacy.details import hide
from bot.store import Conversation, Handoff, Inbox, Line, Person, Rating, Remark
from bot.texts import catalogue, say

LOOK_BACK = timedelta(days=30)
SHOWN = 60
# This score or a lower one: it did not help.
BAD = 2


class RemarkRefused(Exception):
    """No such line or intent, or the text is too long."""


@dataclass(frozen=True)
class Troubled:
    """A conversation to look at. `key` names it in an address: h and a hand-off's number, or r and
    a rating's. The conversation's own id stays on the server."""

    key: str
    at: datetime
    why: str
    topic: str
    language: str
    channel: str
    remarks: int


@dataclass(frozen=True)
class Reading:
    """The part of the conversation in which the bot spoke, and what was remarked on its lines."""

    key: str
    language: str
    lines: list[LineView]
    remarks: dict[int, list[Remark]]


@lru_cache(maxsize=1)
def meanings() -> tuple[str, ...]:
    """Every intent that a message may have had, by name."""
    named = (key.removeprefix("intents.") for key in catalogue() if key.startswith("intents."))
    return tuple(sorted(named))


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
    here, last = _place(session, key)
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
    return Reading(key, conversation_language(session, here), lines, remarks)


def remark(session: Any, key: str, me: AgentView, line: int, intent: str, should: str) -> None:
    """Note that the message in `line` meant `intent` and, unless `should` is empty, what the bot
    should have said. Personal details are taken out of both texts.

    Raises:
        NotHere
        RemarkRefused
    """
    here, last = _place(session, key)
    said = _said(session, here, line) if line <= last else None
    if said is None or intent not in meanings() or len(should) > LONGEST:
        raise RemarkRefused
    names = _names(session, here)
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


def _place(session: Any, key: str) -> tuple[str, int]:
    """The conversation that `key` names, and the last line that was the bot's to answer."""
    table, number = key[:1], key[1:]
    if table not in ("h", "r") or not (number.isascii() and number.isdecimal()):
        raise NotHere
    row = session.get(Handoff if table == "h" else Rating, int(number[:18]))
    if row is None:
        raise NotHere
    last = session.scalar(
        select(Conversation.last_line).where(Conversation.id == row.conversation_id)
    )
    claimed = row.from_line if table == "h" else None
    return row.conversation_id, int(last if claimed is None else claimed)


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


def _names(session: Any, here: str) -> tuple[str, ...]:
    person = session.execute(
        select(Person)
        .join(Conversation, Conversation.person_id == Person.id)
        .where(Conversation.id == here)
    ).scalar_one_or_none()
    return (person.family_name, person.given_names) if person else ()
