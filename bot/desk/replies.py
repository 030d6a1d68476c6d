"""Ready replies: in both languages, or they cannot be saved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.agents.sessions import AgentView
from bot.audit import record
from bot.clock import now
from bot.handoff.speaking import NothingSaid, clean
from bot.store import CannedReply

LONGEST_NAME = 60


class ReplyRefused(Exception):
    """`reason` is both (a language is missing) or name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def ready_replies(session: Any) -> list[dict[str, Any]]:
    rows = session.execute(
        select(CannedReply).where(CannedReply.ended_at.is_(None)).order_by(CannedReply.name)
    ).scalars()
    return [
        {"id": one.id, "name": one.name, "topic": one.topic, "en": one.en, "fr": one.fr}
        for one in rows
    ]


def save_reply(session: Any, me: AgentView, name: str, en: str, fr: str) -> None:
    """A new reply, or the one of this name changed.

    Raises:
        ReplyRefused
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ReplyRefused("name")
    try:
        texts = {"en": clean(en), "fr": clean(fr)}
    except NothingSaid as nothing:
        raise ReplyRefused("both") from nothing
    row = session.execute(
        select(CannedReply).where(CannedReply.name == name)
    ).scalar_one_or_none() or CannedReply(name=name)
    row.en, row.fr, row.changed_by, row.changed_at = texts["en"], texts["fr"], me.id, now()
    row.ended_at = None
    session.add(row)
    session.flush()
    record(session, "desk.reply_saved", agent=me.actor, reply=row.id)


def remove_reply(session: Any, me: AgentView, reply_id: int) -> bool:
    row = session.get(CannedReply, reply_id)
    if row is None or row.ended_at is not None:
        return False
    row.ended_at = now()
    session.flush()
    record(session, "desk.reply_removed", agent=me.actor, reply=reply_id)
    return True
