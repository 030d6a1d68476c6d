"""Dead letters: messages that were given up, for an operator to look at and to send again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from bot.clock import now
from bot.messages.marking import BUDGET, LATE
from bot.store import Outbound

# Given up on purpose: too late to be of use, or too many to one number.
MEANT = (LATE, BUDGET)


@dataclass(frozen=True)
class Letter:
    """`keeps_text` is false of what may have held a code: it can be seen, and not sent again."""

    reference: str
    channel: str
    language: str
    error: str
    tries: int
    created_at: datetime
    keeps_text: bool


def dead_letters(session: Any) -> list[Letter]:
    """All of them, oldest first. Whom they are for is not shown: nobody needs it here."""
    rows = session.scalars(select(Outbound).where(*_dead()).order_by(Outbound.id))
    return [
        Letter(
            row.reference, row.channel, row.language, row.error or "", row.tries, row.created_at,
            bool(row.text),
        )
        for row in rows
    ]  # fmt: skip


def waiting(session: Any) -> dict[str, int]:
    """How many messages of each channel are on their way."""
    counts = (
        select(Outbound.channel, func.count(Outbound.id))
        .where(Outbound.state == "queued")
        .group_by(Outbound.channel)
    )
    return {channel: int(count) for channel, count in session.execute(counts)}


def send_again(session: Any, references: set[str] | None = None) -> int:
    """Queue dead letters anew, all or these, with all their tries; how many those were.

    What nobody knows the end of keeps its `attempted_at`, so the provider is asked first.
    """
    keep = [each.reference for each in dead_letters(session) if each.keeps_text]
    wanted = [name for name in keep if references is None or name in references]
    for start in range(0, len(wanted), 500):
        session.execute(
            update(Outbound)
            .where(Outbound.reference.in_(wanted[start : start + 500]), *_dead())
            .values(state="queued", tries=0, due_at=now(), error=None)
            .execution_options(synchronize_session=False)
        )
    return len(wanted)


def _dead() -> tuple[Any, ...]:
    return (Outbound.state == "failed", Outbound.error.not_in(MEANT))
