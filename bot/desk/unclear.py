"""Messages that the bot did not understand, for supervisors: what was written, without personal
details, and what it may have meant. A remark on one is written where it stands in its conversation
(bot/desk/quality.py), and goes the same way into data/nlu and data/answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.agents.sessions import AgentView
from bot.audit import record
from bot.clock import now
from bot.desk.words import meanings
from bot.privacy.details import hide
from bot.store import Conversation, Handoff, Inbox, Line, Misheard, Person, Remark
from bot.texts import say

LOOK_BACK = timedelta(days=30)
SHOWN = 60
# Likeliest meanings shown of a message, as many as the person was offered (actions/meanings.py).
MEANINGS = 3


@dataclass(frozen=True)
class Unclear:
    """A message that was not understood; `key` names it in an address, as m and its number.
    `remarks` counts those on its conversation."""

    key: str
    text: str
    meanings: list[str]
    language: str
    channel: str
    at: datetime
    remarks: int


def unclear(session: Any, me: AgentView, language: str) -> list[Unclear]:
    """Those of the last thirty days, newest first, with their likeliest meanings in the words of
    `language`; one audit row, as what people wrote is shown."""
    rows = session.execute(
        select(Misheard, Conversation.language, Conversation.channel)
        .join(Conversation, Conversation.id == Misheard.conversation_id)
        .where(Misheard.at >= now() - LOOK_BACK)
        .order_by(Misheard.id.desc())
        .limit(SHOWN)
    ).all()
    here = {row.conversation_id for row, _, _ in rows}
    names, remarks = known_names(session, here), _remarks(session, here)
    if rows:
        record(session, "desk.misheard_shown", agent=me.actor, count=len(rows))
    return [
        Unclear(
            f"m{row.id}",
            hide(row.text, names.get(row.conversation_id, ())).text,
            likeliest(row, language),
            spoken,
            channel,
            row.at,
            remarks.get(row.conversation_id, 0),
        )
        for row, spoken, channel in rows
    ]


def likeliest(row: Misheard, language: str) -> list[str]:
    """The names of what it may have meant, the likeliest first, with how sure the bot was."""
    known = [one for one in row.ranking if one["name"] in meanings()]
    return [_likely(one, language) for one in known[:MEANINGS]]


def unclear_lines(session: Any, here: str, language: str) -> dict[int, list[str]]:
    """The likeliest meanings of the lines of a conversation that were not understood, by number."""
    rows = list(session.scalars(select(Misheard).where(Misheard.conversation_id == here)))
    places = _places(session, here) if rows else {}
    found = {_line(row, places): likeliest(row, language) for row in rows}
    return {number: words for number, words in found.items() if number is not None}


def before_agent(session: Any, row: Misheard) -> int:
    """The last line before the first agent who came after the message was not understood."""
    claimed = session.scalar(
        select(func.min(Handoff.from_line)).where(
            Handoff.conversation_id == row.conversation_id, Handoff.claimed_at >= row.at
        )
    )
    last = select(Conversation.last_line).where(Conversation.id == row.conversation_id)
    return int(session.scalar(last) if claimed is None else claimed)


def known_names(session: Any, here: Collection[str]) -> dict[str, tuple[str, str]]:
    """The names of who proved themselves in each of the conversations: no text that leaves them
    may hold one."""
    rows = session.execute(
        select(Conversation.id, Person)
        .join(Person, Person.id == Conversation.person_id)
        .where(Conversation.id.in_(here))
    )
    return {row.id: (row.Person.family_name, row.Person.given_names) for row in rows}


def line_of(session: Any, row: Misheard) -> int | None:
    """The number of the message's line; None when it is in none (a part of a message)."""
    return _line(row, _places(session, row.conversation_id))


def _line(row: Misheard, places: dict[str, list[tuple[datetime, int]]]) -> int | None:
    """The last line of this text before it was found unclear."""
    before = [number for at, number in places.get(row.text, []) if at <= row.at]
    return max(before, default=None)


def _places(session: Any, here: str) -> dict[str, list[tuple[datetime, int]]]:
    """The messages of a conversation as the bot got them, with when and in which line."""
    rows = session.execute(
        select(Inbox.text, Inbox.received_at, Line.number)
        .join(
            Line,
            (Line.conversation_id == Inbox.conversation_id) & (Line.client_id == Inbox.client_id),
        )
        .where(Inbox.conversation_id == here, Line.author == "user")
    )
    found: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for text, at, number in rows:
        found[text].append((at, number))
    return found


def _likely(one: dict[str, Any], language: str) -> str:
    what, sure = say(language, f"intents.{one['name']}"), one.get("confidence")
    if sure is None:
        return what
    return say(language, "desk.quality.likely", what=what, percent=round(100 * sure))


def _remarks(session: Any, here: Collection[str]) -> dict[str, int]:
    rows = session.execute(
        select(Remark.conversation_id, func.count())
        .where(Remark.conversation_id.in_(here))
        .group_by(Remark.conversation_id)
    )
    return dict(rows.all())
