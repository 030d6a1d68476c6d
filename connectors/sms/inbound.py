"""A text message that Twilio brings: checked, stored, answered at once with nothing to say.

What is answered to the person goes out by the outbox, not in this response: it must not depend on
Twilio's patience, and one way is enough (knowledge: anchors, B).
"""

from __future__ import annotations

import asyncio

from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.phones.received import take_in
from connectors.bodies import is_text
from connectors.problems import Problem
from connectors.sms.signature import signed_form

NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def inbound(request: Request) -> HTTPResponse:
    """POST /sms/inbound"""
    form = signed_form(request)
    sid, sender = form.get("MessageSid", ""), form.get("From", "")
    if not sid.isalnum() or len(sid) != 34 or not all(is_text(value) for value in form.values()):
        raise Problem(400, "errors.bad_request")
    await asyncio.to_thread(_store, request, form, sid, sender)
    front = request.app.ctx.front
    front.engine.ring()
    front.sender.ring()
    return text(NOTHING_TO_SAY, content_type="text/xml")


def _store(request: Request, form: dict[str, str], sid: str, sender: str) -> None:
    front = request.app.ctx.front
    media = form.get("NumMedia", "0")
    with front.database.write() as session:
        take_in(
            session,
            front.settings,
            sid=sid,
            sender=sender,
            body=form.get("Body", ""),
            opt_out_type=form.get("OptOutType"),
            media=int(media) if media.isdecimal() and len(media) < 4 else 0,
        )
