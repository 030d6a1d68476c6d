"""The queues: the page, its rows, taking one, and the agent's presence."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json, redirect

from bot.agents.sessions import AgentView, find_agent, touch
from bot.handoff import VIEWS, claim, needs_renewal
from bot.store import Agent
from connectors.desk.cookies import read_token
from connectors.desk.pages import first_page, show
from connectors.desk.routing import get, page, post, reading, writing
from connectors.languages import language_of
from connectors.problems import Problem


async def conversations(request: Request) -> HTTPResponse:
    """GET /en: the queues, or the first page of a role that has none."""
    me: AgentView = request.ctx.me
    if not me.may("talk"):
        return redirect(f"/{language_of(request)}{first_page(me)}", status=303)
    return show(request, "queue.html", views=VIEWS)


def _look(request: Request, session: Any) -> dict[str, Any]:
    view = request.args.get("view", "waiting")
    seen = request.args.get("seen", "")
    if view not in VIEWS:
        raise Problem(400, "errors.bad_request")
    queues = request.app.ctx.front.queues
    if seen and seen == queues.mark(session):
        return {"same": True}
    return dict(queues.listed(session, request.ctx.me, view, language_of(request)))


async def rows(request: Request) -> HTTPResponse:
    """GET /api/desk/queue?view=…&seen=…: nothing but {same: true} while the mark is `seen`."""
    return json({**request.ctx.found, "seconds_left": request.ctx.me.seconds_left})


async def take_next(request: Request) -> HTTPResponse:
    """POST /api/desk/next: the first of those who wait that nobody else takes meanwhile."""
    request.app.ctx.front.bodies.read(request, "Nothing")
    me, queues = request.ctx.me, request.app.ctx.front.queues
    for handoff_id in await reading(request, lambda session: queues.next_waiting(session, me)):
        if await take(request, handoff_id):
            return json({"id": handoff_id})
    raise Problem(404, "desk.nothing_next")


async def take(request: Request, handoff_id: int) -> bool:
    """Claim it for the agent who asks; everybody who shows it is told."""
    me = request.ctx.me

    def work(session: Any) -> bool:
        return claim(session, handoff_id, session.get(Agent, me.id))

    taken = await writing(request, work)
    if taken:
        request.app.ctx.front.wake_all()
    return taken


def _is_due(request: Request, session: Any) -> str | None:
    """The state that is to be written, if any."""
    state: str = request.app.ctx.front.bodies.read(request, "Presence")["state"]
    return state if needs_renewal(session, request.ctx.me.id, state) else None


async def presence(request: Request) -> HTTPResponse:
    """POST /api/desk/presence: the page's sign of life; it prolongs no session."""
    me, state = request.ctx.me, request.ctx.found
    if state:
        await request.app.ctx.front.renewals.renew(me.id, state)
    return json({"seconds_left": me.seconds_left})


async def stay(request: Request) -> HTTPResponse:
    """POST /api/desk/stay: the agent is still there."""
    request.app.ctx.front.bodies.read(request, "Nothing")
    token = read_token(request)

    def work(session: Any) -> int:
        touch(session, token)
        me = find_agent(session, token)
        return me.seconds_left if me else 0

    return json({"seconds_left": await writing(request, work)})


ROUTES = (
    page("", conversations, "here"),
    get("/queue", rows, "talk", quiet=True, first=_look),
    post("/next", take_next, "talk"),
    post("/presence", presence, "talk", quiet=True, first=_is_due),
    post("/stay", stay, "here"),
)
