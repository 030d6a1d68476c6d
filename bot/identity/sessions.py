"""Browser sessions: minted here, rotated when the person proves who they are, ended when idle."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.clock import now
from bot.store import Conversation, WebSession

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# A session is touched at most this often: a write for every poll would only wear the disk.
TOUCH_EVERY = timedelta(seconds=60)


@dataclass(frozen=True)
class SessionView:
    """A live session: `person_id` is set once the person has proved who they are."""

    conversation_id: str
    person_id: int | None


@dataclass(frozen=True)
class SessionEntry:
    """A live session as its owner sees it listed."""

    public_id: str
    conversation_id: str
    opened_at: datetime
    seen_at: datetime


def open_session(session: Any, conversation_id: str) -> str:
    """A new session of the conversation; returns the token for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    moment = now()
    session.add(
        WebSession(
            token_hash=_hash(token),
            public_id=secrets.token_urlsafe(12),
            conversation_id=conversation_id,
            created_at=moment,
            seen_at=moment,
        )
    )
    return token


def find_session(session: Any, token: str) -> SessionView | None:
    """The live session of `token`, or None."""
    row = _live_row(session, WebSession.token_hash == _hash(token))
    return None if row is None else SessionView(row.conversation_id, row.person_id)


def find_sessions(session: Any, tokens: Collection[str]) -> dict[str, SessionView]:
    """Those of `tokens` that are live, in one query: the event streams ask for all at once."""
    by_hash = {_hash(token): token for token in tokens}
    rows = session.execute(
        select(WebSession).where(WebSession.token_hash.in_(by_hash), *_live(now()))
    ).scalars()
    return {by_hash[r.token_hash]: SessionView(r.conversation_id, r.person_id) for r in rows}


def seconds_left(session: Any, token: str) -> int:
    """How long the session of `token` lives if nothing more is done; 0 when it has ended."""
    row = _live_row(session, WebSession.token_hash == _hash(token))
    if row is None:
        return 0
    end = min(row.seen_at + IDLE, row.created_at + ABSOLUTE)
    return max(0, int((end - now()).total_seconds()))


def needs_touch(session: Any, token: str) -> bool:
    row = session.get(WebSession, _hash(token))
    return row is not None and now() - row.seen_at > TOUCH_EVERY


def touch_session(session: Any, token: str) -> None:
    """The person did something: the idle time starts again."""
    session.execute(
        update(WebSession).where(WebSession.token_hash == _hash(token)).values(seen_at=now())
    )


def verify_session(session: Any, conversation_id: str, person_id: int) -> str:
    """End the conversation's sessions and open a verified one; returns its new token."""
    end_sessions(session, conversation_id)
    token = open_session(session, conversation_id)
    session.flush()
    session.execute(
        update(WebSession)
        .where(WebSession.token_hash == _hash(token))
        .values(person_id=person_id, verified_at=now())
    )
    session.execute(
        update(Conversation).where(Conversation.id == conversation_id).values(person_id=person_id)
    )
    return token


def end_sessions(session: Any, conversation_id: str) -> None:
    """End every session of the conversation."""
    _end(session, WebSession.conversation_id == conversation_id)


def end_sessions_of(session: Any, person_id: int) -> None:
    """End every session of the person, wherever it is open."""
    _end(session, WebSession.person_id == person_id)


def end_session(session: Any, person_id: int, public_id: str) -> bool:
    """End one session of the person; False when it is not theirs or has ended."""
    return _end(session, WebSession.person_id == person_id, WebSession.public_id == public_id)


def sessions_of(session: Any, person_id: int) -> list[SessionEntry]:
    """The person's live sessions, the one used last first."""
    rows = session.execute(
        select(WebSession)
        .where(WebSession.person_id == person_id, *_live(now()))
        .order_by(WebSession.seen_at.desc())
    ).scalars()
    return [SessionEntry(r.public_id, r.conversation_id, r.created_at, r.seen_at) for r in rows]


def _end(session: Any, *conditions: Any) -> bool:
    ended = session.execute(
        update(WebSession)
        .where(*conditions, WebSession.ended_at.is_(None))
        .values(ended_at=now())
        .execution_options(synchronize_session=False)
    )
    return bool(ended.rowcount > 0)


def verified_person(session: Any, conversation_id: str) -> int | None:
    """The person who has proved themselves in this conversation and is still there."""
    row = _live_row(
        session, WebSession.conversation_id == conversation_id, WebSession.person_id.is_not(None)
    )
    return None if row is None else row.person_id


def _live_row(session: Any, *conditions: Any) -> Any:
    return session.execute(
        select(WebSession).where(*conditions, *_live(now()))
    ).scalar_one_or_none()


def _live(moment: datetime) -> tuple[Any, ...]:
    return (
        WebSession.ended_at.is_(None),
        WebSession.seen_at > moment - IDLE,
        WebSession.created_at > moment - ABSOLUTE,
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
