"""The forms with which a person links their phone: the number, then the code texted to it."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.chat.conversations import add_line
from bot.chat.reply import QuickReply, Reply
from bot.identity.budgets import BUDGETS, DEMO_BUDGETS
from bot.identity.phone_linking import (
    NotANumber,
    NothingAsked,
    ask_phone_code,
    confirm_phone,
    remove_phones,
)
from bot.identity.step_up import TooManyCodes
from bot.texts import say
from connectors.origins import check_origin
from connectors.problems import Problem
from connectors.rates import limit_forms
from connectors.webchat.callers import Caller
from connectors.webchat.codes import refuse_no_code
from connectors.webchat.doing import doing, doing_once, once_name
from connectors.webchat.landing import say_line

# To be told of changes on the phone that was just linked: intent and wish (actions/notices.py).
TEXT_ME = ("subscribe_updates", (("wish", "phone"),))


async def phone(request: Request) -> HTTPResponse:
    """POST /api/chat/phone"""
    check_origin(request)
    limit_forms(request)
    body = request.app.ctx.front.bodies.read(request, "Phone")
    await send_phone_code(request, body["phone"], body["client_id"])
    return json({"accepted": True}, 202)


async def code(request: Request) -> HTTPResponse:
    """POST /api/chat/phone/code"""
    check_origin(request)
    limit_forms(request)
    body = request.app.ctx.front.bodies.read(request, "Code")
    await take_phone_code(request, body["code"])
    return json({"confirmed": True})


async def remove(request: Request) -> HTTPResponse:
    """POST /api/chat/phone/remove"""
    check_origin(request)
    limit_forms(request)
    await remove_all(request)
    return json({"removed": True})


async def send_phone_code(request: Request, number: str, client_id: str = "") -> None:
    """Text a code to the number; `client_id` again sends nothing.

    Raises:
        Problem: 401, 403, 422 no number that can be texted, 429 too many codes.
    """
    settings = request.app.ctx.front.settings
    budgets = DEMO_BUDGETS if settings.demo else BUDGETS

    def work(session: Any, caller: Caller) -> None:
        shown = ask_phone_code(
            session,
            settings,
            caller.conversation_id,
            _person(caller),
            number,
            caller.language,
            budgets,
        )
        add_line(session, caller.conversation_id, "user", _sent(caller, "phone", "asked"), name)
        asked = say(caller.language, "cards.phone_code.ask", number=shown)
        say_line(session, caller, Reply(asked, card={"kind": "phone_code"}))

    name = once_name("phone", client_id)
    try:
        await doing_once(request, name, work)
    except NotANumber as wrong:
        raise Problem(422, "cards.phone.not_a_number") from wrong
    except TooManyCodes as too_many:
        raise Problem(429, "identity.change_codes_over") from too_many


async def take_phone_code(request: Request, text: str) -> None:
    """Try the code. The right one again changes nothing: the answer was lost.

    Raises:
        Problem: 401, 403, 409 nothing is waiting for a code, 422 not right.
    """
    refuse_no_code(text)
    settings = request.app.ctx.front.settings

    def work(session: Any, caller: Caller) -> int | None:
        person_id = _person(caller)
        done = confirm_phone(session, settings, caller.conversation_id, person_id, text)
        if done.repeated:
            return None
        if done.number is None:
            return done.tries_left
        sent = _sent(caller, "phone_code", "phone_code")
        add_line(session, caller.conversation_id, "user", sent)
        linked = say(caller.language, "cards.phone_code.linked", number=done.number)
        told = QuickReply(say(caller.language, "notice.chat.by_text"), *TEXT_ME)
        card = {"kind": "sent", "form": "phone"}
        say_line(session, caller, Reply(linked, choices=(told,), card=card))
        return None

    try:
        tries_left = await doing(request, work)
    except NothingAsked as nothing:
        raise Problem(409, "cards.phone_code.nothing") from nothing
    if tries_left is not None:
        key = "identity.code_wrong" if tries_left else "cards.phone_code.over"
        raise Problem(422, key, extra={"tries_left": tries_left}, tries=tries_left)


async def remove_all(request: Request) -> None:
    """No phone is the caller's any more; nothing when none was.

    Raises:
        Problem: 401, 403.
    """

    def work(session: Any, caller: Caller) -> None:
        if remove_phones(session, _person(caller)):
            say_line(session, caller, Reply(say(caller.language, "cards.phone.removed")))

    await doing(request, work)


def _person(caller: Caller) -> int:
    if caller.person_id is None:
        raise Problem(403, "errors.not_signed_in")
    return caller.person_id


def _sent(caller: Caller, text: str, form: str) -> dict[str, Any]:
    """The line of the person that stands for a form. The form of the number stays open until its
    code was right: it is where another one is asked for."""
    words = say(caller.language, f"cards.{text}.sent")
    body: dict[str, Any] = {"text": words, "lang": caller.language}
    return body if form == "asked" else {**body, "card": {"kind": "sent", "form": form}}
