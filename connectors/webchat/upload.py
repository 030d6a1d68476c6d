"""The one-time address at which somebody with text messages only sends their photo: a page without
a session, that knows nothing but whose photo is asked for."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sanic.request import Request
from sanic.response import HTTPResponse, redirect
from sanic.views import stream

from bot.identity.budgets import BudgetSpent
from bot.landing import steps
from bot.landing.moving import IllegalMove, NoLanding
from bot.landing.photos import Link, find_link, keep_photo, may_send, use_link
from bot.landing.place import Actor, writes_to
from bot.photos.checking import check_photo
from bot.photos.report import PhotoReport
from bot.rights.authorize import NotAllowed
from connectors.languages import language_of, other
from connectors.problems import Problem
from connectors.rates import limit_not_me
from connectors.uploads import read_photo_form

_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
_NOT_NOW = (steps.NotNow, IllegalMove, NoLanding, NotAllowed)


async def ask(request: Request, token: str) -> HTTPResponse:
    """GET /en/upload/<token>, /fr/upload/<token>"""
    limit_not_me(request)
    link = await request.app.ctx.front.database.threads.read(_read, request, token)
    return _page(request, token, "upload.html" if link else "upload_over.html", {})


@stream
async def send(request: Request, token: str) -> HTTPResponse:
    """POST /en/upload/<token>, /fr/upload/<token>: checked, and sent for review when it passes."""
    limit_not_me(request)
    threads = request.app.ctx.front.database.threads
    try:
        await threads.write(_try, request, token)
        _, body = await read_photo_form(request)
        report = await check_photo(body)
        if report.problems:
            return _page(request, token, "upload.html", report.to_json(language_of(request)), 422)
        await threads.write(_use, request, token, report)
    except _NOT_NOW:
        return _page(request, token, "upload_over.html", {}, 410)
    except BudgetSpent as spent:
        hours = -(-spent.seconds // 3600)
        raise Problem(429, "landing.photo_too_often", hours=hours) from spent
    request.app.ctx.front.wake_all()
    # On to an address without the token: it stays neither on the page nor in the history.
    return redirect(f"/{language_of(request)}/upload/done", headers=_HEADERS, status=303)


async def done(request: Request) -> HTTPResponse:
    """GET /en/upload/done, /fr/upload/done"""
    return _page(request, "done", "upload_done.html", {})


def _read(request: Request, token: str) -> Link | None:
    with request.app.ctx.front.database.read() as session:
        return find_link(session, token)


def _try(request: Request, token: str) -> None:
    with request.app.ctx.front.database.write() as session:
        link = _live(session, token)
        may_send(session, link.place, _actor(session, link))


def _use(request: Request, token: str, report: PhotoReport) -> None:
    with request.app.ctx.front.database.write() as session:
        link = _live(session, token)
        actor = _actor(session, link)
        photo_id = keep_photo(session, link.place, actor, report)
        session.flush()
        if not use_link(session, token, photo_id, actor):
            raise steps.NotNow


def _live(session: Any, token: str) -> Link:
    link = find_link(session, token)
    if link is None:
        raise steps.NotNow
    return link


def _actor(session: Any, link: Link) -> Actor:
    """The address was given to somebody who had proved who they are: it acts as the person, or, for
    a child under 18, as the parent; what they may do is asked anew."""
    acting = int(writes_to(session, link.place).id)
    return Actor(person_id=acting, conversation_id=link.conversation_id)


def _page(
    request: Request, token: str, template: str, report: dict[str, Any], status: int = 200
) -> HTTPResponse:
    language = language_of(request)
    last = quote(token, safe="%")
    response: HTTPResponse = request.app.ctx.front.pages.page(
        template, language, other_path=f"/{other(language)}/upload/{last}", report=report
    )
    response.status = status
    response.headers.update(_HEADERS)
    return response
