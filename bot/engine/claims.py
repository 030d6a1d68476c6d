"""Which message to answer next, and the guarantee that nobody else answers it.

One engine on SQLite (a lock file says so); on PostgreSQL any number, each holding an advisory lock
on the conversation it works on. The lock dies with its connection, so nothing is held by the dead.
"""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import aliased

from bot.clock import now
from bot.store import Conversation, Database, Inbox


class AnotherEngine(Exception):
    """SQLite serves one engine only, and one is running."""


@dataclass(frozen=True)
class Claim:
    """A message to answer; `tries` counts this one."""

    id: int
    conversation_id: str
    language: str
    channel: str
    text: str
    meaning: dict[str, Any] | None
    tries: int


class Claims:
    """Hands out the oldest due message of a conversation nobody works on."""

    def __init__(self, database: Database, home: Path) -> None:
        self._database = database
        self._locks = None if database.is_sqlite else _AdvisoryLocks(database)
        self._file = _lock_file(home / "engine.lock") if database.is_sqlite else None

    def next(self) -> Claim | None:
        with self._database.write() as session:
            for message_id, conversation_id in session.execute(_due()).all():
                if self._locks and not self._locks.take(conversation_id):
                    continue
                claim = _begin(session, message_id)
                if claim is not None:
                    return claim
                self.release(conversation_id)
        return None

    def release(self, conversation_id: str) -> None:
        if self._locks:
            self._locks.release(conversation_id)


def _due() -> Any:
    """Messages that are due and the first unanswered of their conversation, oldest first."""
    earlier = aliased(Inbox)
    first = ~(
        select(earlier.id)
        .where(
            earlier.conversation_id == Inbox.conversation_id,
            earlier.state == "new",
            earlier.id < Inbox.id,
        )
        .exists()
    )
    return (
        select(Inbox.id, Inbox.conversation_id)
        .where(Inbox.state == "new", Inbox.due_at <= now(), first)
        .order_by(Inbox.id)
        .limit(20)
    )


def _begin(session: Any, message_id: int) -> Claim | None:
    """Count the try before it is made: a message that kills the process is counted as well."""
    counted = session.execute(
        update(Inbox)
        .where(Inbox.id == message_id, Inbox.state == "new")
        .values(tries=Inbox.tries + 1)
        .execution_options(synchronize_session=False)
    )
    if counted.rowcount != 1:
        return None
    row = session.execute(
        select(Inbox, Conversation.language, Conversation.channel)
        .join(Conversation, Conversation.id == Inbox.conversation_id)
        .where(Inbox.id == message_id)
    ).one()
    message = row.Inbox
    return Claim(
        id=message.id,
        conversation_id=message.conversation_id,
        language=row.language,
        channel=row.channel,
        text=message.text,
        meaning=message.payload,
        tries=message.tries,
    )


class _AdvisoryLocks:
    """PostgreSQL session locks on a connection of their own."""

    def __init__(self, database: Database) -> None:
        self._connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def take(self, conversation_id: str) -> bool:
        return bool(
            self._connection.scalar(
                text("SELECT pg_try_advisory_lock(hashtextextended(:id, 0))"),
                {"id": conversation_id},
            )
        )

    def release(self, conversation_id: str) -> None:
        self._connection.execute(
            text("SELECT pg_advisory_unlock(hashtextextended(:id, 0))"), {"id": conversation_id}
        )


def _lock_file(path: Path) -> Any:
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AnotherEngine(
            "An engine is already running on this SQLite database. Stop it first, or use "
            "PostgreSQL (PASSAGE_DATABASE_URL) for several engines."
        ) from error
    return file
