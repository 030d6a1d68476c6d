"""Sign in with a password and a code, and out."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.agents.door import sign_in
from bot.agents.provided import is_provided
from bot.agents.roles import BREAK_GLASS, ROLES
from bot.agents.sessions import AgentView, end, find_agent
from bot.handoff import sign_off
from bot.store import Agent
from connectors.desk.cookies import read_token, remove_token, set_token
from connectors.desk.oidc import way_out
from connectors.desk.pages import first_page, read_desk_form, show_door, show_going
from connectors.desk.routing import form, page, writing
from connectors.forms import read_form
from connectors.languages import language_of, preferred
from connectors.problems import Problem
from connectors.rates import address_of

TRIES_PER_ADDRESS = 30


async def home(request: Request) -> HTTPResponse:
    """GET /: to the browser's language."""
    return redirect(f"/{preferred(request)}", status=303)


async def ask(request: Request) -> HTTPResponse:
    """GET /en/sign-in"""
    if request.ctx.me is not None:
        return redirect(f"/{language_of(request)}{first_page(request.ctx.me)}", status=303)
    return show_door(request)


async def ask_password(request: Request) -> HTTPResponse:
    """GET /en/sign-in/password: the other way in, while the provider is away."""
    if not _takes_passwords(request) or request.app.ctx.front.settings.oidc is None:
        raise Problem(404, "errors.not_found")
    return show_door(request, password=True)


async def enter(request: Request) -> HTTPResponse:
    """POST /en/sign-in. Of the form's fields only the login is shown again."""
    fields = read_form(request)
    if not _takes_passwords(request):
        raise Problem(404, "errors.not_found")
    desk = request.app.ctx.front
    desk.limiter.hit(TRIES_PER_ADDRESS, "desk door", address_of(request))
    login = fields.get("login", "")
    password, code = fields.get("password", ""), fields.get("code", "")
    provided = desk.settings.oidc is not None
    roles = BREAK_GLASS if provided else ROLES
    token = await writing(request, lambda session: sign_in(session, login, password, code, roles))
    if token is None:
        return show_door(request, 422, "desk.door.wrong", login[:120], password=provided)
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
    provided = await writing(request, lambda session: _go(session, token, me))
    request.app.ctx.front.wake_all()
    further = await way_out(request) if provided else None
    # Not by a redirect: what a form leads to may be no other site's (form-action of our policy).
    response = _further(request, further) if further else _to_the_door(request)
    remove_token(request, response)
    return response


def _takes_passwords(request: Request) -> bool:
    oidc = request.app.ctx.front.settings.oidc
    return oidc is None or oidc.break_glass


def _go(session: Any, token: str, me: AgentView) -> bool:
    """Whether there is a session with the provider besides."""
    end(session, token)
    sign_off(session, session.get(Agent, me.id))
    return is_provided(session, me.id)


def _to_the_door(request: Request) -> HTTPResponse:
    return redirect(f"/{language_of(request)}/sign-in", status=303)


def _further(request: Request, address: str) -> HTTPResponse:
    request.ctx.me = None
    return show_going(request, "out", address, "/sign-in")


def _swap(session: Any, before: str, token: str) -> AgentView:
    if before:
        end(session, before)
    me = find_agent(session, token)
    assert me is not None
    return me


ROUTES = (
    page("/sign-in", ask, None),
    page("/sign-in/password", ask_password, None),
    form("/sign-in", enter, None),
    form("/sign-out", leave, "here"),
)
