"""A photo for the PR card: checked in seconds, kept when it passes, sent for review when chosen."""

from __future__ import annotations

import math
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json, raw
from sanic.views import stream

from bot.chat.conversations import add_line
from bot.chat.reply import Reply
from bot.identity.budgets import BudgetSpent
from bot.landing import steps
from bot.landing.photos import keep_photo, may_send, own_photo
from bot.photos.checking import check_photo
from bot.photos.report import Box, PhotoReport
from bot.rights.authorize import NotAllowed
from bot.texts import say
from connectors.origins import check_origin
from connectors.problems import Problem
from connectors.rates import limit_forms
from connectors.uploads import read_photo
from connectors.webchat.callers import Caller, reading
from connectors.webchat.doing import doing, doing_once, once_name
from connectors.webchat.landing import (
    actor_of,
    place_of,
    say_line,
    sent_line,
    show_standing,
)


@stream
async def photo(request: Request) -> HTTPResponse:
    """POST /api/chat/photo?member=REF&crop=left,top,width,height"""
    check_origin(request)
    limit_forms(request)
    member, crop = request.args.get("member", ""), read_crop(request.args.get("crop"))
    await try_one(request, member)
    report = await check_photo(await read_photo(request), crop)
    caller, photo_id = await keep(request, member, report)
    return json({"photo": photo_id, "report": report.to_json(caller.language)})


async def choose(request: Request) -> HTTPResponse:
    """POST /api/chat/photo/choose"""
    check_origin(request)
    limit_forms(request)
    body = request.app.ctx.front.bodies.read(request, "PhotoChosen")
    await take_photo(request, body["member"], body["photo"], body["client_id"])
    return json({"accepted": True}, 202)


async def show(request: Request, photo_id: str) -> HTTPResponse:
    """GET /api/chat/photo/<id>: to its owner only, and to nobody's cache."""

    def find(session: Any, caller: Caller) -> bytes | None:
        if caller.person_id is None:
            return None
        try:
            return own_photo(session, caller.person_id, photo_id)
        except NotAllowed:
            return None

    picture = await reading(request, find)
    if picture is None:
        raise Problem(404, "errors.not_found")
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return raw(picture, content_type="image/jpeg", headers=headers)


async def try_one(request: Request, member: str) -> None:
    """Count a try before anything is read.

    Raises:
        Problem: 401, 403, 409 no photo is due, 429 too many tries.
    """

    def work(session: Any, caller: Caller) -> None:
        may_send(session, place_of(session, caller, member), actor_of(caller))

    try:
        await doing(request, work)
    except BudgetSpent as spent:
        headers = {"Retry-After": str(spent.seconds)}
        hours = math.ceil(spent.seconds / 3600)
        raise Problem(429, "landing.photo_too_often", headers=headers, hours=hours) from spent


async def keep(request: Request, member: str, report: PhotoReport) -> tuple[Caller, str | None]:
    """Keep the picture when nothing is wrong with it; the caller and its id."""

    def work(session: Any, caller: Caller) -> tuple[Caller, str | None]:
        if report.problems:
            return caller, None
        place = place_of(session, caller, member)
        return caller, keep_photo(session, place, actor_of(caller), report)

    return await doing(request, work)


async def take_photo(request: Request, member: str, photo_id: str, client_id: str) -> None:
    """The person chose this photo: it goes to the officer.

    Raises:
        Problem: 401, 403, 409.
    """

    def work(session: Any, caller: Caller) -> None:
        place = place_of(session, caller, member)
        request_id = f"{caller.conversation_id}:{client_id}"[:80]
        if not steps.give_photo(session, place, actor_of(caller), photo_id, request_id):
            return
        sent = sent_line(caller, "photo")
        add_line(session, caller.conversation_id, "user", sent, name)
        say_line(session, caller, Reply(say(caller.language, "landing.done.give_photo")))
        show_standing(session, caller, place)

    name = once_name("photo", client_id)
    await doing_once(request, name, work)


def read_crop(text: str | None) -> Box | None:
    """left,top,width,height as fractions of the picture.

    Raises:
        Problem: 400.
    """
    if text is None:
        return None
    try:
        box = Box(*map(float, text.split(",")))
    except (TypeError, ValueError) as error:
        raise Problem(400, "errors.bad_request") from error
    if not all(map(math.isfinite, box)) or not box.fits():
        raise Problem(400, "errors.bad_request")
    return box
