"""The form of an address: checked, proposed in its normal form, confirmed by a code of its own."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.addresses import Address, AddressProblems, check_address
from bot.addresses.changes import Asking, CardInPrint, NothingProposed, propose
from bot.chat.conversations import add_line
from bot.chat.reply import Reply
from bot.identity.budgets import BUDGETS, DEMO_BUDGETS
from bot.identity.step_up import TooManyCodes
from bot.landing.addressing import confirm_address
from bot.landing.reading import standings
from bot.texts import say
from bot.texts.dates import long_moment
from connectors.origins import check_origin
from connectors.problems import Problem
from connectors.rates import limit_forms
from connectors.webchat.callers import Caller, reading
from connectors.webchat.codes import refuse_no_code
from connectors.webchat.doing import doing, doing_once, once_name
from connectors.webchat.landing import (
    person_of,
    say_line,
    sent_line,
    show_standing,
)


async def address(request: Request) -> HTTPResponse:
    """POST /api/chat/address: its normal form, for a yes; nothing is kept."""
    check_origin(request)
    limit_forms(request)
    body = request.app.ctx.front.bodies.read(request, "Address")
    caller = await reading(request, lambda session, c: _allowed(session, c, body["member"]))
    found = check_address(body)
    if isinstance(found, AddressProblems):
        return json({"errors": found.sentences(caller.language)}, 422)
    return json({"proposal": found.to_json(), "lines": list(found.lines(caller.language))})


async def send(request: Request) -> HTTPResponse:
    """POST /api/chat/address/send"""
    check_origin(request)
    limit_forms(request)
    body = request.app.ctx.front.bodies.read(request, "AddressSent")
    found = check_address(body)
    if isinstance(found, AddressProblems):
        caller = await reading(request, lambda session, c: _allowed(session, c, body["member"]))
        return json({"errors": found.sentences(caller.language)}, 422)
    await send_code(request, body["member"], found, body["client_id"])
    return json({"accepted": True}, 202)


async def code(request: Request) -> HTTPResponse:
    """POST /api/chat/address/code"""
    check_origin(request)
    limit_forms(request)
    body = request.app.ctx.front.bodies.read(request, "Code")
    await take_address_code(request, body["code"])
    return json({"confirmed": True})


def _allowed(session: Any, caller: Caller, member: str) -> Caller:
    person_of(session, caller, member)
    return caller


async def send_code(request: Request, member: str, found: Address, client_id: str = "") -> None:
    """E-mail a code that confirms this very address; `client_id` again sends nothing.

    Raises:
        Problem: 401, 403, 409 the card is in print, 429 too many codes.
    """
    front = request.app.ctx.front
    budgets = DEMO_BUDGETS if front.settings.demo else BUDGETS

    def work(session: Any, caller: Caller) -> None:
        person_id = person_of(session, caller, member)
        assert caller.person_id is not None
        asking = Asking(caller.person_id, person_id, caller.conversation_id)
        propose(session, asking, found, front.settings.public_url, budgets)
        text = "\n".join(found.lines(caller.language))
        sent = say(caller.language, "landing.sent.address")
        body = {"text": f"{sent}\n\n{text}", "lang": caller.language}
        add_line(session, caller.conversation_id, "user", body, name)
        asked = say(caller.language, "landing.ask.address_code")
        say_line(session, caller, Reply(asked, card={"kind": "address_code"}))

    name = once_name("address", client_id)
    try:
        await doing_once(request, name, work)
    except CardInPrint as in_print:
        raise Problem(409, "landing.cannot.in_print") from in_print
    except TooManyCodes as too_many:
        raise Problem(429, "identity.change_codes_over") from too_many


async def take_address_code(request: Request, text: str) -> None:
    """Try the code of the address. The right one again changes nothing: the answer was lost.

    Raises:
        Problem: 401, 403, 409 nothing is waiting for a code, 422 not right.
    """
    refuse_no_code(text)
    url = request.app.ctx.front.settings.public_url

    def work(session: Any, caller: Caller) -> int | None:
        if caller.person_id is None:
            raise Problem(403, "errors.not_signed_in")
        done = confirm_address(session, caller.person_id, caller.conversation_id, text, url)
        if done.repeated:
            return None
        if done.person_id is None or done.held_until is None:
            return done.tries_left
        sent = sent_line(caller, "address_code")
        add_line(session, caller.conversation_id, "user", sent)
        when = long_moment(caller.language, done.held_until)
        said = say(caller.language, f"landing.done.address_{done.state}", when=when)
        say_line(session, caller, Reply(said))
        mine = [s for s in standings(session, caller.person_id)
                if s.place.person_id == done.person_id]  # fmt: skip
        if mine:
            show_standing(session, caller, mine[0].place)
        return None

    try:
        tries_left = await doing(request, work)
    except NothingProposed as nothing:
        raise Problem(409, "landing.cannot.not_now") from nothing
    except CardInPrint as in_print:
        raise Problem(409, "landing.cannot.in_print") from in_print
    if tries_left is not None:
        key = "identity.code_wrong" if tries_left else "identity.code_over"
        raise Problem(422, key, extra={"tries_left": tries_left}, tries=tries_left)
