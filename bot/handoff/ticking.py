"""What the clock does of hand-offs: opens the desk, takes back what a lost agent held, warns before
a target, marks a broken one on the clock itself and puts it before the supervisor.

What concerns the conversation is a transaction of its own for each, which looks again under the
conversation's lock, so that one that fails stops no other and a process that is killed goes on with
the rest. Marks concern nobody but the desk: they are set on many rows at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import func, select, update

from bot.clock import now
from bot.handoff import hours
from bot.handoff.presence import available, lost, take_back
from bot.handoff.rows import change, locked
from bot.handoff.rules import rules
from bot.handoff.targets import due_before, target, to_warn_before
from bot.handoff.telling import system_line
from bot.handoff.unread import hand_to_bot
from bot.identity.sessions import IDLE
from bot.store import Database, Handoff, WebSession

# Whoever was passed on to an agent that is away waits no longer for them alone.
MEANT_FOR = timedelta(minutes=2)
# Marks in one transaction: a claim that comes meanwhile waits for so few.
MARKS = 500

log = structlog.get_logger()


def tick(database: Database) -> int:
    """Do all that is due; returns how many hand-offs were changed."""
    done = 0
    for due, act in _STEPS:
        with database.read() as session:
            ids = due(session)
        for handoff_id in ids:
            done += _one(database, handoff_id, act)
    return done + sum(_mark(database, mark()) for mark in _MARKS)


def _one(database: Database, handoff_id: int, act: Callable[[Any, int], bool]) -> bool:
    begun = time.perf_counter()
    try:
        with database.write() as session:
            done = act(session, handoff_id)
    except Exception as error:
        log.error("handoff.not_done", exc_info=error)
        return False
    # Two thousand may wait when the desk opens: as long as this held the one lock for writing, it
    # leaves it to those who claim meanwhile.
    time.sleep(time.perf_counter() - begun)
    return done


def _mark(database: Database, mark: tuple[Any, dict[str, Any]]) -> int:
    """Set the values of a mark where its condition holds; returns on how many rows. A row that
    somebody is just changing is left for the next time: the clock waits for nobody and nobody
    waits for it in turn."""
    condition, values = mark
    query = select(Handoff.id).where(condition).order_by(Handoff.id).limit(MARKS)
    with database.read() as session:
        if session.scalar(query.limit(1)) is None:
            return 0
    with database.write() as session:
        ids = list(session.scalars(query.with_for_update(skip_locked=True)))
        session.execute(
            update(Handoff)
            .where(Handoff.id.in_(ids))
            .values(**values, version=Handoff.version + 1)
            .execution_options(synchronize_session=False)
        )
    return len(ids)


def _warn() -> tuple[Any, dict[str, Any]]:
    moment = now()
    return Handoff.warned_at.is_(None) & to_warn_before(moment), {"warned_at": moment}


def _break() -> tuple[Any, dict[str, Any]]:
    # On the clock itself: the moment is the target's, however late somebody looks.
    due = func.coalesce(Handoff.first_due_at, Handoff.next_due_at)
    return Handoff.broken_at.is_(None) & due_before(now()), {"broken_at": due}


def _escalate() -> tuple[Any, dict[str, Any]]:
    moment = now()
    late = due_before(hours.before(moment, rules().escalate_after))
    return Handoff.escalated_at.is_(None) & late, {"escalated_at": moment}


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


def _meant_in_vain(session: Any) -> list[int]:
    return _ids(
        session,
        Handoff.state == "queued",
        Handoff.meant_for.is_not(None),
        Handoff.meant_for.not_in(available()),
        Handoff.queued_at < now() - MEANT_FOR,
    )


def _for_everybody(session: Any, handoff_id: int) -> bool:
    handoff = locked(session, handoff_id)
    if handoff is None or handoff.state != "queued":
        return False
    change(session, handoff, meant_for=None)
    return True


def _without_reader(session: Any, *conditions: Any) -> list[int]:
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
        *conditions,
    )


def _abandon(session: Any, handoff_id: int) -> bool:
    handoff = locked(session, handoff_id)
    if handoff is None or not _without_reader(session, Handoff.id == handoff_id):
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
    (_meant_in_vain, _for_everybody),
    (_without_reader, _abandon),
)
_MARKS: tuple[Callable[[], tuple[Any, dict[str, Any]]], ...] = (_warn, _break, _escalate)
