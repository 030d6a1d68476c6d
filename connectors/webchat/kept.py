"""What somebody typed into the chat before the form was there, so that they need not type it again.

Their texts do not hold it any more: it was taken out and is kept sealed for a few minutes.
"""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.vault import keeping
from connectors.webchat.callers import Caller, reading

# What the details form asks for, by the name the vault has for it; nothing else is given out.
FIELDS = {"uci": "uci", "application_number": "number"}


async def kept(request: Request) -> HTTPResponse:
    """GET /api/chat/kept"""
    return json(await reading(request, kept_for_form))


def kept_for_form(session: Any, caller: Caller) -> dict[str, str]:
    """{kind: value} of what the form can be filled with."""
    found = keeping.kept(session, caller.conversation_id)
    return {kind: value for kind, value in found.items() if kind in FIELDS}
