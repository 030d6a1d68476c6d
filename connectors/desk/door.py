"""Sign in and out."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.agents.door import sign_in
from bot.agents.sessions import AgentView, end, find_agent
from bot.handoff import sign_off
from bot.store import Agent
from connectors.desk.cookies import read_token, remove_token, set_token
from connectors.desk.pages import read_desk_form, show
from connectors.desk.routing import form, page, writing
from connectors.forms import read_form
from connectors.languages import language_of, preferred
from connectors.rates import address_of

TRIES_PER_ADDRESS = 30


async def home(request: Request) -> HTTPResponse:
    """GET /: to the browser's language."""
    return redirect(f"/{preferred(request)}", status=303)


async def ask(request: Request) -> HTTPResponse:
    """GET /en/sign-in"""
    if request.ctx.me is not None:
        return redirect(f"/{language_of(request)}{first_page(request.ctx.me)}", status=303)
    return show(request, "sign_in.html", wrong=False, login="")


async def enter(request: Request) -> HTTPResponse:
    """POST /en/sign-in. Of the form's fields only the login is shown again."""
    fields = read_form(request)
    desk = request.app.ctx.front
    desk.limiter.hit(TRIES_PER_ADDRESS, "desk door", address_of(request))
    login = fields.get("login", "")
    password, code = fields.get("password", ""), fields.get("code", "")
    token = await writing(request, lambda session: sign_in(session, login, password, code))
    if token is None:
        return show(request, "sign_in.html", status=422, wrong=True, login=login[:120])
    # A session that the browser had before is over: nobody goes on under another one's name.
    before = read_token(request)
    me = await writing(request, lambda session: _swap(session, before, token))
    response = redirect(f"/{language_of(request)}{first_page(me)}", status=303)
    set_token(request, response, token)
    return response


async def leave(request: Request) -> HTTPResponse:
    """POST /en/sign-out: the agent's conversations wait again at once, not after the lease."""
    read_desk_form(request)
    token, me = read_token(request), request.ctx.me
    await writing(request, lambda session: _go(session, token, me))
    request.app.ctx.front.wake_all()
    response = redirect(f"/{language_of(request)}/sign-in", status=303)
    remove_token(request, response)
    return response


def first_page(me: AgentView) -> str:
    """The page that the agent's role begins with."""
    for right, path in (("talk", ""), ("landing", "/landing"), ("agents", "/agents")):
        if me.may(right):
            return path
    return "/keys"


def _go(session: Any, token: str, me: AgentView) -> None:
    end(session, token)
    sign_off(session, session.get(Agent, me.id))


def _swap(session: Any, before: str, token: str) -> AgentView:
    if before:
        end(session, before)
    me = find_agent(session, token)
    assert me is not None
    return me


ROUTES = (
    page("/sign-in", ask, None),
    form("/sign-in", enter, None),
    form("/sign-out", leave, "here"),
)
