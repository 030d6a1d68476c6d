"""The details form and the code: the steps of proving who one is. Neither reaches the engine."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.handoff.left import bring_answers
from bot.identity.budgets import BUDGETS, DEMO_BUDGETS, BudgetSpent
from bot.identity.codes import Attempt
from bot.identity.details import (
    FIELDS,
    REPRESENTATIVE_FIELDS,
    Details,
    DetailsInvalid,
    parse_details,
)
from bot.identity.flow import AlreadySignedIn, enter_code, submit_details
from bot.identity.flow import Caller as FromHere
from bot.texts import say
from connectors.cookies import set_token
from connectors.origins import check_origin
from connectors.problems import Problem
from connectors.rates import address_of, limit_messages
from connectors.webchat.callers import reading, writing
from connectors.webchat.codes import refuse_no_code

GRID_SECONDS = 0.25


async def identify(request: Request) -> HTTPResponse:
    """POST /api/chat/identify"""
    check_origin(request)
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
    """Ask for a code for `details`; the answer comes on a grid of time, so that how long it took
    tells nothing of them.

    Raises:
        Problem: 401 no session, 409 signed in already, 429 tried too often.
    """
    front = request.app.ctx.front
    budgets = DEMO_BUDGETS if front.settings.demo else BUDGETS
    from_here = FromHere(address_of(request), front.settings.public_url, budgets)
    started = asyncio.get_running_loop().time()
    try:
        await writing(
            request,
            lambda session, c: submit_details(session, c.conversation_id, details, from_here),
        )
    except BudgetSpent as spent:
        raise _too_often(spent) from spent
    except AlreadySignedIn as signed_in:
        raise Problem(409, "identity.already_signed_in") from signed_in
    finally:
        await _until_grid(started)
    front.wake_all()


async def take_code(request: Request, text: str) -> str:
    """The new session's token when the code is right.

    Raises:
        Problem: 401 no session, 422 not right.
    """
    front = request.app.ctx.front
    await reading(request, lambda _session, _caller: None)
    refuse_no_code(text)
    attempt, token = await writing(
        request, lambda session, caller: _enter(session, caller.conversation_id, text)
    )
    front.wake_all()
    if token is None:
        raise _refused(attempt)
    return token


def _enter(session: Any, conversation_id: str, text: str) -> tuple[Attempt, str | None]:
    """Try the code; whoever proves themselves finds what an agent answered them meanwhile."""
    attempt, token = enter_code(session, conversation_id, text)
    if attempt.person_id is not None:
        bring_answers(session, conversation_id, attempt.person_id)
    return attempt, token


def field_errors(language: str, invalid: DetailsInvalid) -> dict[str, str]:
    """What is wrong with each field, in the form's order."""
    wrong = [field for field in FIELDS + REPRESENTATIVE_FIELDS if field in invalid.errors]
    return {field: say(language, invalid.errors[field]) for field in wrong}


async def _until_grid(started: float) -> None:
    passed = asyncio.get_running_loop().time() - started
    await asyncio.sleep(GRID_SECONDS - passed % GRID_SECONDS)


def _too_often(spent: BudgetSpent) -> Problem:
    minutes = math.ceil(spent.seconds / 60)
    headers = {"Retry-After": str(spent.seconds)}
    return Problem(429, "identity.too_often", headers=headers, minutes=minutes)


def _refused(attempt: Attempt) -> Problem:
    key = "identity.code_wrong" if attempt.tries_left else "identity.code_over"
    extra = {"tries_left": attempt.tries_left}
    return Problem(422, key, extra=extra, tries=attempt.tries_left)
