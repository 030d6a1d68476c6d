"""Open, continue, switch the language of, prolong and end a conversation."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json
from sanic.response import empty as no_content

from bot.chat.conversations import open_conversation, post_signal, set_language
from bot.chat.pulse import pulses
from bot.handoff import person_types
from bot.identity.flow import log_out
from bot.identity.sessions import open_session, seconds_left, touch_session
from connectors.cookies import remove_token, set_token
from connectors.origins import check_origin
from connectors.rates import limit_conversations
from connectors.webchat.callers import Caller, find_caller, reading, writing

OPENED = "EXTERNAL_opened"


async def open_or_continue(request: Request) -> HTTPResponse:
    """POST /api/chat/conversations"""
    check_origin(request)
    language = request.app.ctx.front.bodies.read(request, "Language")["language"]
    request.ctx.language = language
    view = await continue_conversation(request, language)
    if view is not None:
        return json(view)
    limit_conversations(request)
    token, view = await start_conversation(request, language)
    response = json(view, 201)
    set_token(request, response, token)
    return response


async def continue_conversation(request: Request, language: str) -> dict[str, Any] | None:
    """The cookie's conversation, from now on in `language`; None when there is none."""
    threads = request.app.ctx.front.database.threads
    return await threads.write(_continue, request, language)


async def start_conversation(request: Request, language: str) -> tuple[str, dict[str, Any]]:
    """A new conversation in `language`: the session's token and what the page is told."""
    front = request.app.ctx.front
    started = await front.database.threads.write(_start, front.database, language)
    front.engine.ring()
    return started


async def conversation(request: Request) -> HTTPResponse:
    """GET /api/chat/conversation"""
    return json(await reading(request, view_of))


async def language(request: Request) -> HTTPResponse:
    """POST /api/chat/language"""
    check_origin(request)
    wanted = request.app.ctx.front.bodies.read(request, "Language")["language"]
    return json(await writing(request, lambda session, caller: _switch(session, caller, wanted)))


async def stay(request: Request) -> HTTPResponse:
    """POST /api/chat/stay"""
    check_origin(request)
    request.app.ctx.front.bodies.read(request, "Nothing")
    return json(await writing(request, _stay))


async def typing(request: Request) -> HTTPResponse:
    """POST /api/chat/typing"""
    check_origin(request)
    request.app.ctx.front.bodies.read(request, "Nothing")
    await writing(request, lambda session, caller: person_types(session, caller.conversation_id))
    return no_content()


async def end(request: Request) -> HTTPResponse:
    """POST /api/chat/end"""
    check_origin(request)
    request.app.ctx.front.bodies.read(request, "Nothing")
    await writing(request, lambda session, caller: log_out(session, caller.conversation_id))
    request.app.ctx.front.hub.poke()
    response = no_content()
    remove_token(request, response)
    return response


def view_of(session: Any, caller: Caller) -> dict[str, Any]:
    """What the page is told of its conversation; never its id."""
    return {
        "language": caller.language,
        "verified": caller.verified,
        "cursor": pulses(session, [caller.conversation_id])[caller.conversation_id].last_line,
        "seconds_left": seconds_left(session, caller.token),
    }


def _continue(request: Request, language: str) -> dict[str, Any] | None:
    with request.app.ctx.front.database.write() as session:
        caller = find_caller(session, request)
        return None if caller is None else _switch(session, caller, language)


def _switch(session: Any, caller: Caller, language: str) -> dict[str, Any]:
    if language != caller.language:
        set_language(session, caller.conversation_id, language)
    return {**view_of(session, caller), "language": language}


def _stay(session: Any, caller: Caller) -> dict[str, Any]:
    touch_session(session, caller.token)
    return view_of(session, caller)


def _start(database: Any, language: str) -> tuple[str, dict[str, Any]]:
    with database.write() as session:
        conversation_id = open_conversation(session, "web", language)
        token = open_session(session, conversation_id)
        post_signal(session, conversation_id, OPENED)
        session.flush()
        return token, view_of(session, Caller(token, conversation_id, None, language))
