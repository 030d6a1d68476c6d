"""What Twilio says has become of a text message of ours."""

from __future__ import annotations

import re

from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.messages.statuses import take_status
from connectors.problems import Problem
from connectors.sms.signature import signed_form

_SID = re.compile(r"(SM|MM)[0-9a-f]{32}", re.IGNORECASE)
_REFERENCE = re.compile(r"[0-9a-f]{32}")


async def status(request: Request) -> HTTPResponse:
    """POST /sms/status?ref=…: the reference is ours, from the address that we gave Twilio, and
    signed with the rest of it."""
    form = signed_form(request)
    sid, reference = form.get("MessageSid", ""), request.args.get("ref")
    if not _SID.fullmatch(sid) or (reference and not _REFERENCE.fullmatch(reference)):
        raise Problem(400, "errors.bad_request")
    error = form.get("ErrorCode", "")
    code = int(error) if error.isdecimal() and len(error) <= 6 else None
    threads = request.app.ctx.front.database.threads
    await threads.write(_store, request, sid, form.get("MessageStatus", ""), code, reference)
    return empty()


def _store(request: Request, sid: str, said: str, error: int | None, reference: str | None) -> None:
    with request.app.ctx.front.database.write() as session:
        take_status(session, sid=sid, status=said, error=error, reference=reference)
