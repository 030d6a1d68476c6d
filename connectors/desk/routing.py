"""What a route of the desk is, and the guard that stands before every one of them.

A module of the desk has a tuple ROUTES; `routes.MODULES` names the modules. Pages stand under /en
and /fr, what pages call stands under /api/desk and answers JSON.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.agents.sessions import AgentView, find_agent, needs_touch, touch
from bot.texts import LANGUAGES
from connectors.desk.cookies import read_token
from connectors.languages import language_of
from connectors.origins import check_origin
from connectors.problems import Problem, is_page

T = TypeVar("T")
Handler = Callable[..., Awaitable[HTTPResponse | None]]
First = Callable[[Request, Any], Any]
API = "/api/desk"


@dataclass(frozen=True)
class Route:
    """`right` is a key of bot.agents.roles.RIGHTS, or None: nobody need be signed in. `quiet`: the
    page calls this by itself, which keeps no session alive. `first(request, session)` is read in
    the transaction that finds who asks, once they may: what all pages ask every few seconds takes
    one turn of a reader, not two. The handler has it as `request.ctx.found`."""

    path: str
    handler: Handler
    right: str | None
    method: str = "GET"
    both: bool = True
    quiet: bool = False
    first: First | None = None


def page(path: str, handler: Handler, right: str | None) -> Route:
    """GET /en… and /fr…"""
    return Route(path, handler, right)


def form(path: str, handler: Handler, right: str | None) -> Route:
    """POST of a plain form to /en… and /fr…; the handler reads it with `read_desk_form`."""
    return Route(path, handler, right, "POST")


def get(
    path: str, handler: Handler, right: str, quiet: bool = False, first: First | None = None
) -> Route:
    """GET /api/desk…"""
    return Route(API + path, handler, right, "GET", both=False, quiet=quiet, first=first)


def post(
    path: str, handler: Handler, right: str, quiet: bool = False, first: First | None = None
) -> Route:
    """POST /api/desk…, JSON"""
    return Route(API + path, handler, right, "POST", both=False, quiet=quiet, first=first)


def guarded(route: Route) -> Handler:
    """The handler, called only by an agent who is signed in and has the right; then
    `request.ctx.me` is who. A page sends others to the door, a program gets 401 or 403."""

    async def handler(request: Request, **parts: Any) -> HTTPResponse | None:
        # What a page calls stands under no language: the page says its own.
        wanted = request.args.get("lang")
        if not route.both and wanted in LANGUAGES:
            request.ctx.language = wanted
        if route.method == "POST":
            check_origin(request)
        me = await _who(request, route)
        if route.right is not None:
            if me is None:
                return _to_the_door(request)
            if not me.may(route.right):
                raise Problem(403, "desk.error.role")
        return await route.handler(request, **parts)

    return handler


async def who(request: Request) -> AgentView | None:
    """Who is signed in, for what stands outside of `guarded`; it keeps no session alive."""
    token = read_token(request)
    return await reading(request, lambda session: find_agent(session, token)) if token else None


async def reading(request: Request, work: Callable[[Any], T]) -> T:
    """Run `work(session)` off the event loop in a transaction that only reads."""
    return await request.app.ctx.front.database.threads.read(_read, request, work)


async def writing(request: Request, work: Callable[[Any], T]) -> T:
    """The same in a transaction that writes."""
    return await request.app.ctx.front.database.threads.write(_write, request, work)


def _read(request: Request, work: Callable[[Any], T]) -> T:
    with request.app.ctx.front.database.read() as session:
        return work(session)


def _write(request: Request, work: Callable[[Any], T]) -> T:
    with request.app.ctx.front.database.write() as session:
        return work(session)


async def _who(request: Request, route: Route) -> AgentView | None:
    """Who asks, as `request.ctx.me`; what the route reads first, as `request.ctx.found`."""
    request.ctx.me = None
    token = read_token(request)
    if not token:
        return None

    def look(session: Any) -> bool:
        me = request.ctx.me = find_agent(session, token)
        if me and route.first and route.right and me.may(route.right):
            request.ctx.found = route.first(request, session)
        return bool(me and not route.quiet and needs_touch(session, token))

    if await reading(request, look):
        await writing(request, lambda session: touch(session, token))
    return request.ctx.me


def _to_the_door(request: Request) -> HTTPResponse:
    if is_page(request) and request.method == "GET":
        return redirect(f"/{language_of(request)}/sign-in", status=303)
    raise Problem(401, "desk.error.signed_out")
