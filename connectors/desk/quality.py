"""The quality view: where the bot did not help, and what it should have said."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.desk.quality import RemarkRefused, reading, remark, troubled
from bot.desk.unclear import unclear
from bot.desk.viewing import NotHere
from bot.desk.words import meanings
from bot.handoff import NothingSaid
from connectors.desk.finding import number
from connectors.desk.pages import read_desk_form, show
from connectors.desk.routing import form, page, writing
from connectors.languages import language_of
from connectors.problems import Problem


async def quality(request: Request) -> HTTPResponse:
    """GET /en/quality: also what was not understood, which is one audit row."""
    language, me = language_of(request), request.ctx.me
    found, unclear_ones = await writing(
        request, lambda session: (troubled(session, language), unclear(session, me, language))
    )
    return show(request, "quality.html", found=found, unclear=unclear_ones)


async def one(request: Request, key: str) -> HTTPResponse:
    """GET /en/quality/h12: the transcript up to the agent; one audit row."""
    me, language = request.ctx.me, language_of(request)
    found = await _do(request, lambda session: reading(session, key, me, language))
    return show(request, "quality_one.html", found=found, meanings=meanings())


async def write(request: Request, key: str) -> HTTPResponse:
    """POST /en/quality/h12"""
    fields, me = read_desk_form(request), request.ctx.me
    line = number(fields.get("line", ""))
    intent, should = fields.get("intent", ""), fields.get("should", "")
    await _do(request, lambda session: remark(session, key, me, line, intent, should))
    return redirect(f"/{language_of(request)}/quality/{key}#line-{line}", status=303)


async def _do(request: Request, work: Any) -> Any:
    try:
        return await writing(request, work)
    except NotHere as nowhere:
        raise Problem(404, "errors.not_found") from nowhere
    except (RemarkRefused, NothingSaid) as refused:
        raise Problem(422, "desk.quality.refused") from refused


ROUTES = (
    page("/quality", quality, "supervise"),
    page("/quality/<key:str>", one, "supervise"),
    form("/quality/<key:str>", write, "supervise"),
)
