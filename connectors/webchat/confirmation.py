"""The electronic confirmation: a short-lived address for its owner, and the PDF behind it."""

from __future__ import annotations

import asyncio
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from bot.ecopr import make_ecopr
from bot.landing.confirming import NoConfirmation, current, download
from bot.landing.moving import NoLanding
from bot.landing.place import Place
from bot.rights.authorize import NotAllowed
from bot.store.keys import derive_key
from connectors.origins import check_origin
from connectors.problems import Problem
from connectors.rates import limit_forms
from connectors.webchat.callers import Caller, reading, writing
from connectors.webchat.landing import actor_of, place_of

SECONDS = 300


async def link(request: Request) -> HTTPResponse:
    """POST /api/chat/confirmation/link"""
    check_origin(request)
    limit_forms(request)
    body = request.app.ctx.front.bodies.read(request, "Member")
    return json({"url": await make_url(request, body["member"])})


async def make_url(request: Request, member: str) -> str:
    """An address that works for five minutes, in this conversation's session only.

    Raises:
        Problem: 401, 403, 404 there is no confirmation.
    """

    def work(session: Any, caller: Caller) -> list[Any]:
        place = place_of(session, caller, member)
        current(session, place)
        return [caller.conversation_id, *place]

    try:
        named = await reading(request, work)
    except (NoLanding, NoConfirmation) as none:
        raise Problem(404, "errors.not_found") from none
    return f"/api/chat/confirmation/{_serializer(request).dumps(named)}"


async def confirmation(request: Request, token: str) -> HTTPResponse:
    """GET /api/chat/confirmation/<token>"""
    try:
        conversation_id, *numbers = _serializer(request).loads(token, max_age=SECONDS)
    except BadSignature as error:
        raise Problem(404, "errors.not_found") from error
    specimen = request.app.ctx.front.settings.demo

    def work(session: Any, caller: Caller) -> Any:
        if caller.conversation_id != conversation_id or caller.person_id is None:
            raise Problem(404, "errors.not_found")
        return download(session, Place(*numbers), actor_of(caller), specimen)

    try:
        printed = await writing(request, work)
    except (NoConfirmation, NoLanding, NotAllowed) as error:
        raise Problem(404, "errors.not_found") from error
    pdf = await asyncio.to_thread(make_ecopr, printed)
    headers = {"Content-Disposition": f'attachment; filename="eCOPR-CRPe-{printed.number}.pdf"'}
    return raw(pdf, content_type="application/pdf", headers=headers)


def _serializer(request: Request) -> URLSafeTimedSerializer:
    secret = request.app.ctx.front.settings.secret_key
    return URLSafeTimedSerializer(derive_key(secret, "confirmation"))
