"""Keeps what somebody typed for the step that comes next: sealed, for a quarter of an hour.

Neither Rasa nor the transcript ever sees it (knowledge: security, T18a). Moments are the
database's. Nothing is kept that a following step cannot use, so an unknown kind is refused.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from bot.store import Kept
from bot.store.moments import database_now, read_clock

LIFETIME = timedelta(minutes=15)
KEPT_KINDS = ("uci", "application_number", "address", "postal_code", "phone")


class KindNotKept(Exception):
    """Details of this kind have no place in the vault."""


def keep(session: Any, conversation_id: str, kind: str, value: str) -> None:
    """Keep `value` for LIFETIME; what was kept of the same kind before goes at once.

    Raises:
        KindNotKept: `kind` is none of KEPT_KINDS; nothing was kept.
    """
    if kind not in KEPT_KINDS:
        raise KindNotKept(kind)
    _remove(session, Kept.conversation_id == conversation_id, Kept.kind == kind)
    session.add(
        Kept(
            conversation_id=conversation_id,
            kind=kind,
            value=value,
            expires_at=read_clock(session) + LIFETIME,
        )
    )
    session.flush()


def kept(session: Any, conversation_id: str) -> dict[str, str]:
    """What is kept for the conversation: {kind: value}, the newest of each kind."""
    rows = session.execute(
        select(Kept.kind, Kept.value)
        .where(Kept.conversation_id == conversation_id, Kept.expires_at > database_now())
        .order_by(Kept.id)
    )
    return {row.kind: row.value for row in rows}


def take(session: Any, conversation_id: str, kind: str) -> str | None:
    """The kept value of `kind`, which is removed; None when there is none any more."""
    here = (Kept.conversation_id == conversation_id, Kept.kind == kind)
    row = session.execute(
        select(Kept.id, Kept.value)
        .where(*here, Kept.expires_at > database_now())
        .order_by(Kept.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    _remove(session, *here)
    return None if row is None else str(row.value)


def empty(session: Any, conversation_id: str) -> None:
    """Forget everything that is kept for the conversation."""
    _remove(session, Kept.conversation_id == conversation_id)


def _remove(session: Any, *conditions: Any) -> None:
    session.execute(delete(Kept).where(*conditions).execution_options(synchronize_session=False))
