"""The chat without scripts: a page with the newest lines and forms for what can be done.

The page never reloads by itself (nobody may be interrupted while reading or writing); instead the
answer to a form waits a little for the assistant's reply, and a link looks again.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.chat.conversations import LineView, is_waiting, lines_after
from bot.chat.pulse import pulses
from bot.clock import now
from bot.handoff import standings
from bot.handoff.words import standing_text, zone_of
from bot.identity.codes import has_open_challenge
from bot.identity.sessions import SessionEntry
from connectors.cookies import read_token
from connectors.forms import form_token
from connectors.problems import Problem
from connectors.webchat.callers import Caller, reading
from connectors.webchat.hub import DELAYED_AFTER
from connectors.webchat.kept import FIELDS, kept_for_form
from connectors.webchat.sessions import entries

SHOWN = 40
SETTLE_SECONDS = 8.0
# The cards that are forms for who is signed in, and those after which such a form is over.
STEPS = frozenset(
    {"declaration", "address", "address_code", "photo", "confirmation", "error", "notices",
     "phone", "phone_code"}
)  # fmt: skip
OVER = frozenset({"landing", "sent"})


@dataclass(frozen=True)
class View:
    """What the page shows of the conversation. `choices` are the newest line's; `form` is the form
    that is to be filled in now (identify, code or nothing), `kept` what was typed for it before;
    `step` is the card whose form is open, `address` the newest one of an address,
    `landing` where the person stands; `sessions` are those of somebody who is signed in, each with
    whether it is this one."""

    lines: list[LineView]
    earlier: bool
    waiting: bool
    delayed: bool
    verified: bool
    choices: list[dict[str, str]]
    form: str
    step: dict[str, Any]
    address: dict[str, Any]
    landing: dict[str, Any]
    product: str
    kept: dict[str, str]
    sessions: list[tuple[SessionEntry, bool]]
    # Where somebody stands who asked for a person, in a sentence.
    person: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why the last form was not taken, and what was in it."""

    status: int = 200
    summary: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """What the answer to a form shows once: an address to say yes to, a photo that was checked."""

    address: dict[str, Any] = field(default_factory=dict)
    photo: dict[str, Any] = field(default_factory=dict)


async def plain(request: Request) -> HTTPResponse:
    """GET /en/plain, /fr/plain"""
    return await show(request, Refusal())


async def show(request: Request, refusal: Refusal, once: Shown | None = None) -> HTTPResponse:
    """The page as it stands, with what was wrong with the last form."""
    try:
        view = await reading(request, _view)
    except Problem as problem:
        if problem.status_code != 401:
            raise
        return page(request, refusal, None)
    return page(request, refusal, view, once)


def page(
    request: Request, refusal: Refusal, view: View | None, once: Shown | None = None
) -> HTTPResponse:
    """The page of the address's language; `view` is None when there is no conversation."""
    language = request.path.split("/")[1]
    response: HTTPResponse = request.app.ctx.front.pages.page(
        "plain.html",
        language,
        status=refusal.status,
        view=view,
        refusal=refusal,
        once=once or Shown(),
        token=form_token(request, read_token(request)),
        client_id=secrets.token_hex(12),
        sessions_open="sessions" in request.args,
        other_path=f"/{'fr' if language == 'en' else 'en'}/plain",
    )
    return response


async def settle(request: Request, token: str) -> None:
    """Give the assistant a moment to answer, so that the next page already shows it."""
    front = request.app.ctx.front
    end = asyncio.get_running_loop().time() + SETTLE_SECONDS
    try:
        with front.hub.watch(token) as watcher:
            while not watcher.ended and (left := end - asyncio.get_running_loop().time()) > 0:
                await watcher.wait(left)
                if watcher.state and not watcher.state.waiting:
                    return
    except Problem:
        return  # Too many streams: the person looks again with the link.


def _view(session: Any, caller: Caller) -> View:
    last = pulses(session, [caller.conversation_id])[caller.conversation_id].last_line
    lines = lines_after(session, caller.conversation_id, max(0, last - SHOWN))
    since = is_waiting(session, caller.conversation_id)
    card = _newest_form(session, caller, lines)
    return View(
        lines=lines,
        earlier=last > SHOWN,
        waiting=since is not None,
        delayed=since is not None and now() - since > DELAYED_AFTER,
        verified=caller.verified,
        choices=lines[-1].body.get("choices", []) if lines else [],
        form=card.get("kind", ""),
        step=_open_step(lines) if caller.verified else {},
        address=_newest(lines, "address"),
        landing=_newest(lines, "landing").get("landing", {}) if caller.verified else {},
        product=card.get("product", ""),
        kept={FIELDS[kind]: value for kind, value in kept_for_form(session, caller).items()},
        sessions=entries(session, caller) if caller.verified else [],
        person=_person(session, caller),
    )


def _person(session: Any, caller: Caller) -> str:
    """Where they stand who asked for a person; empty when nobody did."""
    standing = standings(session, [caller.conversation_id]).get(caller.conversation_id)
    if standing is None:
        return ""
    return standing_text(caller.language, standing, zone_of(session, caller.person_id))


def _newest_form(session: Any, caller: Caller, lines: list[LineView]) -> dict[str, str]:
    """The card of the form that is open; none for somebody who is known already."""
    cards = [line.body.get("card", {}) for line in lines]
    forms = [card for card in cards if card.get("kind") in ("identify", "code")]
    if caller.verified or not forms:
        return {}
    newest: dict[str, str] = forms[-1]
    if newest["kind"] == "code" and not has_open_challenge(session, caller.conversation_id):
        return {"kind": "identify"}
    return newest


def _open_step(lines: list[LineView]) -> dict[str, Any]:
    """The card of the form of landing that is open: the newest, until it was sent."""
    step: dict[str, Any] = {}
    for line in lines:
        card = line.body.get("card", {})
        if card.get("kind") in STEPS:
            step = card
        elif card.get("kind") in OVER:
            step = {}
    return step


def _newest(lines: list[LineView], kind: str) -> dict[str, Any]:
    cards = (line.body.get("card", {}) for line in reversed(lines))
    return next((card for card in cards if card.get("kind") == kind), {})
