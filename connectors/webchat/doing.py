"""A step of landing that a form asks for: in one transaction, one after the other, once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from sanic.request import Request
from sqlalchemy import select

from bot.landing import steps
from bot.landing.moving import IllegalMove, NoLanding
from bot.rights.authorize import NotAllowed
from bot.store import Conversation, Line
from connectors.problems import Problem
from connectors.webchat.callers import Caller, writing

T = TypeVar("T")


async def doing(request: Request, work: Callable[[Any, Caller], T]) -> T:
    """Run a step in one transaction; what landing refuses becomes an answer. Steps of one
    conversation come one after the other: a form that is sent twice at once must not count twice.

    Raises:
        Problem: 401 no session, 403 not theirs, 409 not due.
    """

    def alone(session: Any, caller: Caller) -> T:
        row = select(Conversation.id).where(Conversation.id == caller.conversation_id)
        session.execute(row.with_for_update(key_share=True))
        return work(session, caller)

    try:
        done = await writing(request, alone)
    except (IllegalMove, NoLanding, steps.NotNow) as not_now:
        raise Problem(409, "landing.cannot.not_now") from not_now
    except NotAllowed as not_allowed:
        raise Problem(403, "landing.cannot.not_yours") from not_allowed
    request.app.ctx.front.wake_all()
    return done


async def doing_once(
    request: Request, name: str | None, work: Callable[[Any, Caller], None]
) -> None:
    """The same as `doing`; nothing is done when a line of this `name` (see `once_name`) stands in
    the conversation: the same request was answered before. Without a name it is done each time."""

    def once(session: Any, caller: Caller) -> None:
        if name is None or not _was_answered(session, caller, name):
            work(session, caller)

    await doing(request, once)


def once_name(form: str, client_id: str) -> str | None:
    """What the line of a form is known by: another form with the same id is another request."""
    return hashlib.sha256(f"{form}:{client_id}".encode()).hexdigest() if client_id else None


def _was_answered(session: Any, caller: Caller, name: str) -> bool:
    query = select(Line.number).where(
        Line.conversation_id == caller.conversation_id, Line.client_id == name
    )
    return session.scalar(query.limit(1)) is not None
