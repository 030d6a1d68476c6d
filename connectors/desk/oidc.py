"""Signing in with the organisation's provider: the way there, the way back, and out again."""

from __future__ import annotations

from functools import partial
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.agents.provided import enter_as, refuse
from bot.agents.sessions import AgentView, find_agent
from bot.oidc.attempt import Attempt, begin, take
from bot.oidc.fetching import ProviderAway
from bot.oidc.provider import Provider
from bot.oidc.trust import NotTrusted, subject_of
from connectors.desk.cookies import read_attempt, remove_attempt, set_attempt, set_token
from connectors.desk.pages import first_page, show_door, show_going
from connectors.desk.routing import Route, page, writing
from connectors.languages import language_of
from connectors.problems import Problem
from connectors.rates import address_of

CALLBACK = "/oidc/callback"
TRIES_PER_ADDRESS = 30
# Of a parameter of the address. Codes of large providers have some 2,000 characters.
LONGEST = 4096


async def go(request: Request) -> HTTPResponse:
    """GET /en/sign-in/provider: to the provider, with a try that this browser holds."""
    language = language_of(request)
    if request.ctx.me is not None:
        return redirect(f"/{language}{first_page(request.ctx.me)}", status=303)
    provider = _provider(request)
    _count(request)
    attempt = await writing(request, begin)
    try:
        address = await provider.address_for(attempt, language)
    except ProviderAway:
        return show_door(request, 503, "desk.door.away")
    response = redirect(address, status=303)
    set_attempt(request, response, attempt.secret, language)
    return response


async def back(request: Request) -> HTTPResponse:
    """GET /oidc/callback?code=…&state=…: whatever is wrong with it gets the same page."""
    provider = _provider(request)
    _count(request)
    secret, request.ctx.language = read_attempt(request, language_of(request))
    answer = {name: request.args.get(name, "")[:LONGEST] for name in request.args}
    attempt = await writing(request, lambda session: take(session, secret, answer.get("state", "")))
    try:
        token = await _token(request, provider, answer, attempt)
    except ProviderAway:
        response = show_door(request, 503, "desk.door.away")
    else:
        response = await _let_in(request, token) if token else _refused(request)
    remove_attempt(request, response)
    return response


async def way_out(request: Request) -> str | None:
    """Where somebody who came with the provider ends their session there; None when it has no such
    place, or is away: that keeps nobody signed in here."""
    provider: Provider | None = request.app.ctx.front.provider
    if provider is None:
        return None
    own = request.app.ctx.front.settings.public_url
    try:
        return await provider.end_address(f"{own}/{language_of(request)}/sign-in")
    except ProviderAway:
        return None


async def _token(
    request: Request, provider: Provider, answer: dict[str, str], attempt: Attempt | None
) -> str | None:
    """The token of the new session, or None and a row in the audit trail that says why."""
    settings = provider.settings
    try:
        if attempt is None:
            raise NotTrusted("state")
        claims = await provider.claims(answer, attempt)
        subject = subject_of(claims, settings.claim)
    except NotTrusted as refused:
        await writing(request, partial(refuse, reason=refused.reason))
        return None
    return await writing(request, lambda session: enter_as(session, settings.issuer, subject))


async def _let_in(request: Request, token: str) -> HTTPResponse:
    """A page that goes on by itself: the session's cookie is for requests of our own pages only,
    and a redirect would still be the provider's request."""
    me = await writing(request, lambda session: _me(session, token))
    language = language_of(request)
    path = first_page(me)
    response = show_going(request, "in", f"/{language}{path}", path)
    set_token(request, response, token)
    return response


def _refused(request: Request) -> HTTPResponse:
    return show_door(request, 403, "desk.door.refused")


def _me(session: Any, token: str) -> AgentView:
    me = find_agent(session, token)
    assert me is not None
    return me


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.ctx.front.provider
    if provider is None:
        raise Problem(404, "errors.not_found")
    return provider


def _count(request: Request) -> None:
    request.app.ctx.front.limiter.hit(TRIES_PER_ADDRESS, "desk door", address_of(request))


ROUTES = (
    page("/sign-in/provider", go, None),
    Route(CALLBACK, back, None, both=False),
)
