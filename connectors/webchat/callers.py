"""Who is calling: the live session of the cookie, found in the transaction that serves the call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sanic.request import Request

from bot.chat.conversations import conversation_language
from bot.identity.sessions import find_session, needs_touch, touch_session
from connectors.cookies import read_token
from connectors.problems import Problem

T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """A live session and its conversation; `person_id` is whoever proved themselves in it."""

    token: str
    conversation_id: str
    person_id: int | None
    language: str

    @property
    def verified(self) -> bool:
        return self.person_id is not None


async def reading(request: Request, work: Callable[[Any, Caller], T]) -> T:
    """Run `work(session, caller)` off the event loop in a transaction that only reads.

    Raises:
        Problem: 401 when there is no live session.
    """
    return await request.app.ctx.front.database.threads.read(_read, request, work)


async def writing(request: Request, work: Callable[[Any, Caller], T]) -> T:
    """The same in a transaction that writes; the person did something, so they are not idle."""
    return await request.app.ctx.front.database.threads.write(_write, request, work)


def find_caller(session: Any, request: Request) -> Caller | None:
    """The caller, or None; from here on errors are said in the conversation's language."""
    token = read_token(request)
    view = find_session(session, token) if token else None
    if view is None:
        return None
    language = conversation_language(session, view.conversation_id)
    request.ctx.language = language
    return Caller(token, view.conversation_id, view.person_id, language)


def _read(request: Request, work: Callable[[Any, Caller], T]) -> T:
    with request.app.ctx.front.database.read() as session:
        return work(session, _live(session, request))


def _write(request: Request, work: Callable[[Any, Caller], T]) -> T:
    with request.app.ctx.front.database.write() as session:
        caller = _live(session, request)
        if needs_touch(session, caller.token):
            touch_session(session, caller.token)
        return work(session, caller)


def _live(session: Any, request: Request) -> Caller:
    caller = find_caller(session, request)
    if caller is None:
        raise Problem(401, "errors.no_session")
    return caller
