"""The officer's queue of landings: accept, return a part, correct a confirmation, decide on a held
address. Whom the page shows is written down, person by person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, raw, redirect

from bot.addresses.address import Address
from bot.addresses.holding import SameAgent
from bot.addresses.record import in_review
from bot.agents.sessions import AgentView
from bot.audit import record
from bot.landing import reviewing
from bot.landing.addressing import decide_address
from bot.landing.confirming import CORRECTABLE, NoConfirmation
from bot.landing.moving import IllegalMove, NoLanding
from bot.landing.place import Place
from connectors.desk.pages import read_desk_form, show
from connectors.desk.routing import form, get, page, writing
from connectors.languages import language_of
from connectors.problems import Problem

# At a time: each one shown is a row of the trail.
SHOWN = 20
Fields = dict[str, str]


async def landings(request: Request) -> HTTPResponse:
    """GET /en/landing"""
    me = request.ctx.me
    waiting, errors, addresses = await writing(request, lambda session: _read(session, me))
    return show(
        request,
        "landing.html",
        waiting=waiting,
        errors=errors,
        addresses=addresses,
        all_reasons=reviewing.REASONS,
    )


async def act(request: Request, name: str) -> HTTPResponse:
    """POST /en/landing/accept, …/return, …/correct, …/address"""
    fields, me = read_desk_form(request), request.ctx.me
    if name not in _ACTS:
        raise Problem(404, "errors.not_found")
    try:
        await writing(request, lambda session: _ACTS[name](session, me.actor, fields))
    except (IllegalMove, NoLanding, NoConfirmation) as over:
        raise Problem(409, "landing.cannot.not_now") from over
    except SameAgent as same:
        raise Problem(409, "landing_cli.same_agent") from same
    except (KeyError, ValueError, reviewing.NoSuchReason) as wrong:
        raise Problem(400, "errors.bad_request") from wrong
    request.app.ctx.front.wake_all()
    return redirect(f"/{language_of(request)}/landing", status=303)


async def photo(request: Request, photo_id: str) -> HTTPResponse:
    """GET /api/desk/photo/<id>: that it was looked at is a row of the trail."""
    actor = request.ctx.me.actor
    picture = await writing(request, lambda s: reviewing.photo_bytes(s, photo_id, actor))
    if picture is None:
        raise Problem(404, "errors.not_found")
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return raw(picture, content_type="image/jpeg", headers=headers)


def _read(session: Any, me: AgentView) -> tuple[list[Any], list[Any], list[Any]]:
    waiting, errors = reviewing.waiting(session, SHOWN), reviewing.reported(session)[:SHOWN]
    for place in [item.place for item in waiting] + [item.place for item in errors]:
        record(
            session,
            "desk.landing_shown",
            person_id=place.person_id,
            application_id=place.application_id,
            agent=me.actor,
        )
    addresses = [
        (change, name, Address.from_json(value)) for change, name, value in in_review(session)
    ][:SHOWN]
    for change, _, _ in addresses:
        record(session, "desk.address_shown", agent=me.actor, change=change)
    return waiting, errors, addresses


def _place(fields: Fields) -> Place:
    return Place(_row_id(fields["application"]), _row_id(fields["person"]))


def _accept(session: Any, actor: str, fields: Fields) -> None:
    reviewing.accept(session, _place(fields), actor)


def _return(session: Any, actor: str, fields: Fields) -> None:
    part, _, reason = fields["why"].partition(".")
    reviewing.send_back(session, _place(fields), actor, part, reason)


def _correct(session: Any, actor: str, fields: Fields) -> None:
    details = {name: fields[name] for name in CORRECTABLE if name in fields}
    reviewing.correct(session, _place(fields), actor, details)


def _address(session: Any, actor: str, fields: Fields) -> None:
    accepted = {"yes": True, "no": False}[fields["accept"]]
    if not decide_address(session, fields["change"], actor, accepted):
        raise Problem(409, "landing.cannot.not_now")


def _row_id(text: str) -> int:
    """Raises ValueError for what is no row's number in any of our databases."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ValueError
    return int(text)


_ACTS: dict[str, Callable[[Any, str, Fields], None]] = {
    "accept": _accept,
    "return": _return,
    "correct": _correct,
    "address": _address,
}

ROUTES = (
    page("/landing", landings, "landing"),
    form("/landing/<name:str>", act, "landing"),
    get("/photo/<photo_id:str>", photo, "landing"),
)
