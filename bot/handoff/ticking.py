"""What the clock does of hand-offs: opens the desk, takes back what a lost agent held, warns before
a target, marks a broken one on the clock itself and puts it before the supervisor.

Each change is a transaction of its own that looks again under the conversation's lock, so that one
that fails stops no other and a process that is killed goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import defer

from bot.clock import now
from bot.handoff import hours
from bot.handoff.presence import lost, present, take_back
from bot.handoff.rows import change, locked
from bot.handoff.targets import due_at, due_before, escalate_at, target, warn_at
from bot.handoff.telling import system_line
from bot.handoff.unread import hand_to_bot
from bot.identity.sessions import IDLE
from bot.store import Database, Handoff, WebSession

# Whoever was passed on to an agent that is away waits no longer for them alone.
MEANT_FOR = timedelta(minutes=2)
# Of thousands of rows nobody unseals what is not looked at.
_LEAN = defer(Handoff.tried)

log = structlog.get_logger()


def tick(database: Database) -> int:
    """Do all that is due; returns how many hand-offs were changed."""
    done = 0
    for due, act in _STEPS:
        with database.read() as session:
            ids = due(session)
        for handoff_id in ids:
            done += _one(database, handoff_id, act)
    return done


def _one(database: Database, handoff_id: int, act: Callable[[Any, int], bool]) -> bool:
    try:
        with database.write() as session:
            return act(session, handoff_id)
    except Exception as error:
        log.error("handoff.not_done", exc_info=error)
        return False


def _closed(session: Any) -> list[int]:
    if not hours.is_open(now()):
        return []
    return _ids(session, Handoff.state == "requested")


def _open(session: Any, handoff_id: int) -> bool:
    handoff = locked(session, handoff_id)
    if handoff is None or handoff.state != "requested":
        return False
    change(session, handoff, state="queued", queued_at=now())
    if not handoff.left:
        system_line(session, handoff, "handoff.opened")
    return True


def _without_due(session: Any) -> list[int]:
    return _ids(
        session,
        Handoff.state == "active",
        Handoff.wrote_at.is_not(None),
        Handoff.next_due_at.is_(None),
        Handoff.first_due_at.is_(None),
    )


def _set_due(session: Any, handoff_id: int) -> bool:
    handoff = locked(session, handoff_id)
    if handoff is None or handoff.state != "active" or handoff.wrote_at is None:
        return False
    change(session, handoff, next_due_at=hours.after(handoff.wrote_at, target(handoff)))
    return True


def _unwarned(session: Any) -> list[int]:
    moment = now()
    soon = moment + timedelta(days=1)
    rows = session.execute(
        select(Handoff).options(_LEAN).where(Handoff.warned_at.is_(None), due_before(soon))
    ).scalars()
    return [row.id for row in rows if (at := warn_at(row)) is not None and at <= moment]


def _warn(session: Any, handoff_id: int) -> bool:
    handoff = locked(session, handoff_id)
    if handoff is None or (at := warn_at(handoff)) is None or at > now():
        return False
    change(session, handoff, warned_at=now())
    return True


def _unbroken(session: Any) -> list[int]:
    return _ids(session, Handoff.broken_at.is_(None), due_before(now()))


def _break(session: Any, handoff_id: int) -> bool:
    handoff = locked(session, handoff_id)
    if handoff is None or (due := due_at(handoff)) is None or due > now():
        return False
    # On the clock itself: the moment is the target's, however late somebody looks.
    change(session, handoff, broken_at=due)
    return True


def _unescalated(session: Any) -> list[int]:
    moment = now()
    rows = session.execute(
        select(Handoff).options(_LEAN).where(Handoff.escalated_at.is_(None), due_before(moment))
    ).scalars()
    return [row.id for row in rows if (at := escalate_at(row)) is not None and at <= moment]


def _escalate(session: Any, handoff_id: int) -> bool:
    handoff = locked(session, handoff_id)
    if handoff is None or (at := escalate_at(handoff)) is None or at > now():
        return False
    change(session, handoff, escalated_at=now())
    return True


def _meant_in_vain(session: Any) -> list[int]:
    there = [agent.id for agent in present(session)]
    return _ids(
        session,
        Handoff.state == "queued",
        Handoff.meant_for.is_not(None),
        Handoff.meant_for.not_in(there),
        Handoff.queued_at < now() - MEANT_FOR,
    )


def _for_everybody(session: Any, handoff_id: int) -> bool:
    handoff = locked(session, handoff_id)
    if handoff is None or handoff.state != "queued":
        return False
    change(session, handoff, meant_for=None)
    return True


def _without_reader(session: Any) -> list[int]:
    """Those who wait on a page that is gone and left no message: an agent would greet nobody."""
    sessions = select(WebSession.token_hash).where(
        WebSession.conversation_id == Handoff.conversation_id
    )
    live = sessions.where(WebSession.ended_at.is_(None), WebSession.seen_at > now() - IDLE)
    return _ids(
        session,
        Handoff.state.in_(("requested", "queued")),
        Handoff.channel == "web",
        Handoff.left.is_(False),
        sessions.exists(),
        ~live.exists(),
    )


def _abandon(session: Any, handoff_id: int) -> bool:
    handoff = locked(session, handoff_id)
    if handoff is None or handoff_id not in _without_reader(session):
        return False
    change(session, handoff, state="closed", outcome="abandoned", ended_at=now())
    hand_to_bot(session, handoff)
    return True


def _ids(session: Any, *conditions: Any) -> list[int]:
    return list(session.scalars(select(Handoff.id).where(*conditions).order_by(Handoff.id)))


_STEPS: tuple[tuple[Callable[[Any], list[int]], Callable[[Any, int], bool]], ...] = (
    (_closed, _open),
    (lost, take_back),
    (_without_due, _set_due),
    (_unwarned, _warn),
    (_unbroken, _break),
    (_unescalated, _escalate),
    (_meant_in_vain, _for_everybody),
    (_without_reader, _abandon),
)
