"""The officer's queue, until the agents' desk exists: in the demonstration only, because nobody
signs in here. Outside it the same is done by `python -m bot landing`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, raw, redirect

from bot.landing import reviewing
from bot.landing.confirming import CORRECTABLE, NoConfirmation
from bot.landing.moving import IllegalMove, NoLanding
from bot.landing.place import Place
from bot.texts import LANGUAGES
from connectors.forms import read_form
from connectors.languages import other, preferred
from connectors.problems import Problem

AGENT = "demo"


async def review(request: Request) -> HTTPResponse:
    """GET /review"""
    language = _language(request)
    waiting, errors = await asyncio.to_thread(_read, request)
    response: HTTPResponse = request.app.ctx.front.pages.page(
        "review.html",
        language,
        other_path=f"/review?lang={other(language)}",
        waiting=waiting,
        errors=errors,
        all_reasons=reviewing.REASONS,
    )
    return response


async def act(request: Request, name: str) -> HTTPResponse:
    """POST /review/accept, /review/return, /review/correct"""
    form = read_form(request)
    if name not in _ACTS:
        raise Problem(404, "errors.not_found")
    try:
        place = Place(_row_id(form["application"]), _row_id(form["person"]))
        await asyncio.to_thread(_write, request, lambda s: _ACTS[name](s, place, form))
    except (IllegalMove, NoLanding, NoConfirmation) as over:
        raise Problem(409, "landing.cannot.not_now") from over
    except (KeyError, ValueError, reviewing.NoSuchReason) as wrong:
        raise Problem(400, "errors.bad_request") from wrong
    request.app.ctx.front.wake_all()
    return redirect(f"/review?lang={_language(request)}", status=303)


async def photo(request: Request, photo_id: str) -> HTTPResponse:
    """GET /review/photo/<id>"""
    picture = await asyncio.to_thread(
        _write, request, lambda s: reviewing.photo_bytes(s, photo_id, AGENT)
    )
    if picture is None:
        raise Problem(404, "errors.not_found")
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return raw(picture, content_type="image/jpeg", headers=headers)


def _accept(session: Any, place: Place, _form: dict[str, str]) -> None:
    reviewing.accept(session, place, AGENT)


def _return(session: Any, place: Place, form: dict[str, str]) -> None:
    part, _, reason = form["why"].partition(".")
    reviewing.send_back(session, place, AGENT, part, reason)


def _correct(session: Any, place: Place, form: dict[str, str]) -> None:
    reviewing.correct(session, place, AGENT, {n: form[n] for n in CORRECTABLE if n in form})


def _row_id(text: str) -> int:
    """Raises ValueError for what is no row's number in any of our databases."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ValueError
    return int(text)


_ACTS: dict[str, Callable[[Any, Place, dict[str, str]], None]] = {
    "accept": _accept,
    "return": _return,
    "correct": _correct,
}


def _read(request: Request) -> tuple[list[Any], list[Any]]:
    with request.app.ctx.front.database.read() as session:
        return reviewing.waiting(session), reviewing.reported(session)


def _write(request: Request, work: Callable[[Any], Any]) -> Any:
    with request.app.ctx.front.database.write() as session:
        return work(session)


def _language(request: Request) -> str:
    wanted = request.args.get("lang")
    return wanted if wanted in LANGUAGES else preferred(request)
