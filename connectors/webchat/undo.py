"""The page behind "undo it" in the notice of a change of address. It needs neither session nor
script; opening it changes nothing, because mail scanners open every address."""

from __future__ import annotations

from urllib.parse import quote

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.landing.addressing import undo_address
from connectors.forms import read_form
from connectors.languages import language_of, other
from connectors.rates import limit_not_me

_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


async def ask(request: Request, token: str) -> HTTPResponse:
    """GET /en/undo/<token>, /fr/undo/<token>"""
    return _page(request, "undo.html", quote(token, safe="%"))


async def undo(request: Request, token: str) -> HTTPResponse:
    """POST /en/undo/<token>, /fr/undo/<token>"""
    read_form(request)
    limit_not_me(request)
    front = request.app.ctx.front
    undone = await front.database.threads.write(_undo, request, token)
    front.wake_all()
    last = "done" if undone else "over"
    return redirect(f"/{language_of(request)}/undo/{last}", headers=_HEADERS, status=303)


async def done(request: Request) -> HTTPResponse:
    """GET /en/undo/done, /fr/undo/done"""
    return _page(request, "undo_done.html", "done")


async def over(request: Request) -> HTTPResponse:
    """GET /en/undo/over, /fr/undo/over: it counts already, or there was nothing to undo."""
    return _page(request, "undo_over.html", "over")


def _undo(request: Request, token: str) -> bool:
    with request.app.ctx.front.database.write() as session:
        return undo_address(session, token)


def _page(request: Request, template: str, last: str) -> HTTPResponse:
    language = language_of(request)
    response: HTTPResponse = request.app.ctx.front.pages.page(
        template, language, other_path=f"/{other(language)}/undo/{last}"
    )
    response.headers.update(_HEADERS)
    return response
