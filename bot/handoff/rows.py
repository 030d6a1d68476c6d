"""Reading and changing a hand-off's row under the conversation's lock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm.attributes import set_committed_value

from bot.chat.owning import lock
from bot.store import Conversation, Handoff
from bot.store.desk import OPEN


class NotYours(Exception):
    """The conversation is not, or no longer, this agent's: nothing was written."""


def open_one(session: Any, conversation_id: str) -> Handoff | None:
    """The hand-off of a conversation that is not over."""
    return session.execute(
        select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.state.in_(OPEN))
    ).scalar_one_or_none()


def locked(session: Any, handoff_id: int) -> Handoff | None:
    """The hand-off with its conversation locked, as it is once the lock is held."""
    # Whose conversation it is never changes: it need not be asked first.
    lock(session, select(Handoff.conversation_id).where(Handoff.id == handoff_id).scalar_subquery())
    return session.execute(
        select(Handoff).where(Handoff.id == handoff_id).execution_options(populate_existing=True)
    ).scalar_one_or_none()


def mine(session: Any, conversation_id: str, agent: Any) -> Handoff:
    """The active hand-off of `agent`, with its conversation locked.

    Raises:
        NotYours
    """
    lock(session, conversation_id)
    found = session.execute(
        select(Handoff)
        .where(
            Handoff.conversation_id == conversation_id,
            Handoff.state == "active",
            Handoff.agent_id == agent.id,
        )
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotYours(conversation_id)
    return found


def change(session: Any, handoff: Handoff, **values: Any) -> None:
    """Change the row and raise its version; the conversation is locked by the caller."""
    session.execute(
        update(Handoff)
        .where(Handoff.id == handoff.id)
        .values(**values, version=Handoff.version + 1)
        .execution_options(synchronize_session=False)
    )
    # As it stands in the database now, without asking: under the lock nobody else changes it.
    for name, value in {**values, "version": handoff.version + 1}.items():
        set_committed_value(handoff, name, value)


def last_line(session: Any, conversation_id: str) -> int:
    return int(
        session.scalar(select(Conversation.last_line).where(Conversation.id == conversation_id))
    )
