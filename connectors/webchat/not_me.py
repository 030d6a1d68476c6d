"""The page behind "this was not me" in an e-mail with a code. It needs neither session nor script.

Opening it changes nothing, because mail scanners open every address; its one button does. What
follows is the same page for every token, so that it tells nothing of any.
"""

from __future__ import annotations

from urllib.parse import quote

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.identity.not_me import refuse_sign_in
from bot.store import Database
from connectors.forms import read_form
from connectors.languages import language_of, other
from connectors.rates import limit_not_me

_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


async def ask(request: Request, token: str) -> HTTPResponse:
    """GET /en/not-me/<token>, /fr/not-me/<token>"""
    return _page(request, "not_me.html", quote(token, safe="%"))


async def refuse(request: Request, token: str) -> HTTPResponse:
    """POST /en/not-me/<token>, /fr/not-me/<token>"""
    read_form(request)
    limit_not_me(request)
    front = request.app.ctx.front
    await front.database.threads.write(_refuse, front.database, token)
    front.wake_all()
    # On to an address without the token: it stays neither on the page nor in the history.
    return redirect(f"/{language_of(request)}/not-me/done", headers=_HEADERS, status=303)


async def done(request: Request) -> HTTPResponse:
    """GET /en/not-me/done, /fr/not-me/done"""
    return _page(request, "not_me_done.html", "done")


def _refuse(database: Database, token: str) -> None:
    with database.write() as session:
        refuse_sign_in(session, token)


def _page(request: Request, template: str, last: str) -> HTTPResponse:
    language = language_of(request)
    response: HTTPResponse = request.app.ctx.front.pages.page(
        template, language, other_path=f"/{other(language)}/not-me/{last}"
    )
    response.headers.update(_HEADERS)
    return response
