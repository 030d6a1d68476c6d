"""Take in what the person says."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.chat.canonical import TextRefused, canonical
from bot.chat.conversations import ChoiceUnknown, post_choice, post_text
from connectors.origins import check_origin
from connectors.problems import Problem
from connectors.rates import limit_messages
from connectors.webchat.callers import Caller, reading, writing


async def messages(request: Request) -> HTTPResponse:
    """POST /api/chat/messages"""
    check_origin(request)
    limit_messages(request)
    body = request.app.ctx.front.bodies.read(request, "Message")
    new = await take_message(request, body)
    return json({"client_id": body["client_id"], "duplicate": not new}, 202)


async def take_message(request: Request, body: dict[str, Any]) -> bool:
    """Store `body` ({client_id, text} or {client_id, choice}); False when it was stored before.

    Raises:
        Problem: 401 no session, 422 not a text, 409 no such quick reply.
    """
    clean = body if "choice" in body else {**body, "text": await _clean(request, body["text"])}
    new = await writing(request, lambda session, caller: _store(session, caller, clean))
    front = request.app.ctx.front
    front.engine.ring()
    front.hub.poke()
    return new


async def _clean(request: Request, text: str) -> str:
    try:
        return canonical(text)
    except TextRefused as refusal:
        # Only somebody in a conversation is told what is wrong, and in its language.
        await reading(request, lambda _session, _caller: None)
        raise Problem(422, refusal.reason) from refusal


def _store(session: Any, caller: Caller, body: dict[str, Any]) -> bool:
    if "text" in body:
        return post_text(session, caller.conversation_id, body["client_id"], body["text"])
    try:
        return post_choice(session, caller.conversation_id, body["client_id"], body["choice"])
    except ChoiceUnknown as unknown:
        raise Problem(409, "errors.choice_unknown") from unknown
