"""A text message that Twilio brings: checked, stored, answered at once with nothing to say.

What is answered to the person goes out by the outbox, not in this response: it must not depend on
Twilio's patience, and one way is enough (knowledge: anchors, B).
"""

from __future__ import annotations

import re

from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.phones.received import take_in
from connectors.problems import Problem
from connectors.sms.signature import signed_form

_SID = re.compile("(SM|MM)[0-9a-f]{32}", re.IGNORECASE)
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def inbound(request: Request) -> HTTPResponse:
    """POST /sms/inbound"""
    form = signed_form(request)
    sid, sender = form.get("MessageSid", ""), form.get("From", "")
    # What is signed is names and values in one string: a letter moved from a value into its name
    # leaves it as it was, so nothing that is needed may be missing.
    if "Body" not in form or not sender or not _SID.fullmatch(sid):
        raise Problem(400, "errors.bad_request")
    front = request.app.ctx.front
    await front.database.threads.write(_store, request, form, sid, sender)
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
