"""Who sends which message next: each is leased to one sender, which gives it back if it dies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from bot.clock import now
from bot.store import Outbound

# Longer than any provider's time-outs together.
LEASE = timedelta(seconds=60)
RANKS = (0, 1)


def claim(session: Any, channels: tuple[str, ...]) -> Outbound | None:
    """The next due message, leased and marked as attempted before anything is sent.

    `attempted_at` of what is returned is that of the try before: when it is set, nobody knows
    what became of that one. `due_at` is the end of the lease, by which the sender still knows
    later that the message is its own.
    """
    for rank in RANKS:
        for channel in channels:
            message = _next(session, channel, rank)
            if message is not None and _lease(session, message):
                return message
    return None


def _next(session: Any, channel: str, rank: int) -> Outbound | None:
    return session.scalars(
        select(Outbound)
        .where(
            Outbound.state == "queued",
            Outbound.channel == channel,
            Outbound.rank == rank,
            Outbound.due_at <= now(),
            or_(Outbound.conversation_id.is_(None), ~_an_earlier_one_waits()),
        )
        .order_by(Outbound.due_at, Outbound.id)
        .limit(1)
        # On PostgreSQL a second sender takes another one; on SQLite there is one writer anyway.
        .with_for_update(skip_locked=True)
    ).first()


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


def _lease(session: Any, message: Outbound) -> bool:
    session.expunge(message)
    until, moment = now() + LEASE, now()
    leased = session.execute(
        update(Outbound)
        .where(
            Outbound.id == message.id,
            Outbound.state == "queued",
            Outbound.due_at == message.due_at,
        )
        .values(due_at=until, attempted_at=message.attempted_at or moment)
        .execution_options(synchronize_session=False)
    )
    message.due_at = until
    return bool(leased.rowcount == 1)
