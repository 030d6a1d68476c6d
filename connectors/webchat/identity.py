"""The details form and the code: the steps of proving who one is. Neither reaches the engine."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.identity.codes import DIGITS, Attempt
from bot.identity.details import FIELDS, DetailsInvalid, parse_details
from bot.identity.flow import enter_code, submit_details
from bot.identity.matching import Details
from bot.texts import say
from connectors.cookies import set_token
from connectors.origins import check_origin
from connectors.problems import Problem
from connectors.rates import limit_details, limit_messages
from connectors.webchat.callers import Caller, reading, writing


async def identify(request: Request) -> HTTPResponse:
    """POST /api/chat/identify"""
    check_origin(request)
    limit_details(request)
    form = request.app.ctx.front.bodies.read(request, "Details")
    caller = await reading(request, lambda _session, caller: caller)
    try:
        await take_details(request, parse_details(form))
    except DetailsInvalid as invalid:
        return json({"errors": field_errors(caller.language, invalid)}, 422)
    return json({"accepted": True}, 202)


async def code(request: Request) -> HTTPResponse:
    """POST /api/chat/code"""
    check_origin(request)
    limit_messages(request)
    body = request.app.ctx.front.bodies.read(request, "Code")
    token = await take_code(request, body["code"])
    response = json({"verified": True})
    set_token(request, response, token)
    return response


async def take_details(request: Request, details: Details) -> None:
    """Ask for a code for `details`."""
    front = request.app.ctx.front
    key = front.settings.secret_key
    await writing(
        request, lambda session, c: submit_details(session, key, c.conversation_id, details)
    )
    front.engine.ring()
    front.sender.ring()
    front.hub.poke()


async def take_code(request: Request, text: str) -> str:
    """The new session's token when the code is right.

    Raises:
        Problem: 401 no session, 422 not right.
    """
    front = request.app.ctx.front
    await reading(request, lambda _session, _caller: None)
    if sum(char.isdecimal() for char in text) != DIGITS or len(text) > 4 * DIGITS:
        raise Problem(422, "identity.code_format", extra={"tries_left": None})
    key = front.settings.secret_key
    attempt, token = await writing(
        request, lambda session, caller: _try(session, caller, key, text)
    )
    front.engine.ring()
    front.hub.poke()
    if token is None:
        raise _refused(attempt)
    return token


def field_errors(language: str, invalid: DetailsInvalid) -> dict[str, str]:
    """What is wrong with each field, in the form's order."""
    wrong = [field for field in FIELDS if field in invalid.errors]
    return {field: say(language, invalid.errors[field]) for field in wrong}


def _try(session: Any, caller: Caller, key: str, text: str) -> tuple[Attempt, str | None]:
    return enter_code(session, key, caller.conversation_id, text)


def _refused(attempt: Attempt) -> Problem:
    key = "identity.code_wrong" if attempt.tries_left else "identity.code_over"
    extra = {"tries_left": attempt.tries_left}
    return Problem(422, key, extra=extra, tries=attempt.tries_left)
