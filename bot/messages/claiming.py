"""Who sends which message next: each is leased to one sender, which gives it back if it dies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from bot.clock import now
from bot.store import Outbound

# Longer than any provider's time-outs together.
LEASE = timedelta(seconds=60)
RANKS = (0, 1)


def claim(session: Any, channels: tuple[str, ...], room: int) -> list[Outbound]:
    """The next due messages, at most `room`, leased and marked as attempted before anything is
    sent.

    `attempted_at` of what is returned is that of the try before: when it is set, nobody knows
    what became of that one. `due_at` is the end of the lease, by which the sender still knows
    later that the message is its own.
    """
    claimed: list[Outbound] = []
    for rank in RANKS:
        for channel in channels:
            if len(claimed) < room:
                claimed += _next(session, channel, rank, room - len(claimed))
    _lease(session, claimed)
    return claimed


def _next(session: Any, channel: str, rank: int, room: int) -> list[Outbound]:
    query = (
        select(Outbound)
        .where(
            Outbound.state == "queued",
            Outbound.channel == channel,
            Outbound.rank == rank,
            Outbound.due_at <= now(),
            or_(Outbound.conversation_id.is_(None), ~_an_earlier_one_waits()),
        )
        .order_by(Outbound.due_at, Outbound.id)
        .limit(room)
        # On PostgreSQL a second sender takes others; on SQLite there is one writer anyway.
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(query))


def _an_earlier_one_waits() -> Any:
    """Answers of one conversation go out in their order, also when one had to be tried again."""
    earlier = aliased(Outbound)
    return exists().where(
        and_(
            earlier.phone_id == Outbound.phone_id,
            earlier.conversation_id == Outbound.conversation_id,
            earlier.channel == Outbound.channel,
            earlier.state == "queued",
            earlier.id < Outbound.id,
            or_(earlier.tries > 0, earlier.attempted_at.is_not(None)),
        )
    )


def _lease(session: Any, messages: list[Outbound]) -> None:
    """The rows are locked by now, so nobody else can have leased them."""
    if not messages:
        return
    until, moment = now() + LEASE, now()
    session.execute(
        update(Outbound)
        .where(Outbound.id.in_([message.id for message in messages]))
        .values(due_at=until, attempted_at=func.coalesce(Outbound.attempted_at, moment))
        .execution_options(synchronize_session=False)
    )
    for message in messages:
        session.expunge(message)
        message.due_at = until
