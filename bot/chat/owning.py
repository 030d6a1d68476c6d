"""Who has a conversation: the bot, or the agent of an active hand-off. Decided by the row alone.

Everything that depends on it asks under the lock of the conversation's row, which a claim and a
return hold as well: so between the two the bot says nothing (docs/dataflow.md, "A person takes
over").
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot.clock import now
from bot.store import Conversation, Handoff
from bot.store.desk import OPEN

BOT, AGENT = "bot", "agent"


class BotSilenced(Exception):
    """An agent has the conversation: the bot says nothing in it."""


def lock(session: Any, conversation_id: Any) -> None:
    """Hold the conversation's row until the transaction ends. Take it before all others. The id may
    be a part of a query that gives it."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(last_line=Conversation.last_line)
        .execution_options(synchronize_session=False)
    )


def owner(session: Any, conversation_id: str) -> str:
    """`agent` while a hand-off is active, otherwise `bot`; it holds as long as the lock does."""
    active = session.scalar(
        select(Handoff.id).where(
            Handoff.conversation_id == conversation_id, Handoff.state == "active"
        )
    )
    return BOT if active is None else AGENT


def open_state(session: Any, conversation_id: str) -> str | None:
    """The state of the hand-off that has not ended: requested | queued | active; None without one,
    as almost always. It holds as long as the lock does."""
    state: str | None = session.scalar(
        select(Handoff.state).where(
            Handoff.conversation_id == conversation_id,
            Handoff.state.in_(OPEN),
        )
    )
    return state


def service_author(session: Any, conversation_id: str) -> str:
    """As whom the front answers a form: the bot, or our own services while an agent is there."""
    return "system" if owner(session, conversation_id) == AGENT else "bot"


def leaves_message(session: Any, conversation_id: str) -> bool:
    """True for the first text after somebody chose to leave a message: that is the message, for an
    agent and not for the bot."""
    taken = session.execute(
        update(Handoff)
        .where(
            Handoff.conversation_id == conversation_id,
            Handoff.state.in_(("requested", "queued")),
            Handoff.left.is_(True),
            Handoff.left_line.is_(None),
        )
        .values(left_line=_next_line(conversation_id))
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)


def _next_line(conversation_id: str) -> Any:
    number = select(Conversation.last_line).where(Conversation.id == conversation_id)
    return number.scalar_subquery() + 1


def wrote_to_agent(session: Any, conversation_id: str) -> None:
    """The person wrote to their agent: from now on an answer is awaited, if it was not already."""
    session.execute(
        update(Handoff)
        .where(Handoff.conversation_id == conversation_id, Handoff.state == "active")
        .where(Handoff.wrote_at.is_(None))
        .values(wrote_at=now(), person_typing_at=None)
        .execution_options(synchronize_session=False)
    )
