"""Where a person is signed in, for them to see and to end."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json
from sanic.response import empty as no_content

from bot import audit
from bot.identity.flow import log_out
from bot.identity.sessions import SessionEntry, end_session, sessions_of
from connectors.cookies import remove_token
from connectors.origins import check_origin
from connectors.problems import Problem
from connectors.webchat.callers import Caller, reading, writing

Wanted = dict[str, Any]


async def sessions(request: Request) -> HTTPResponse:
    """GET /api/chat/sessions"""
    found = await reading(request, entries)
    return json([_as_json(entry, mine) for entry, mine in found])


async def end_sessions(request: Request) -> HTTPResponse:
    """POST /api/chat/sessions/end"""
    check_origin(request)
    wanted = request.app.ctx.front.bodies.read(request, "SessionEnd")
    logged_out = await end_wanted(request, wanted)
    response = no_content()
    if logged_out:
        remove_token(request, response)
    return response


async def end_wanted(request: Request, wanted: Wanted) -> bool:
    """End one session ({id}) or all but the caller's ({others}); what is not theirs, or over
    already, changes nothing. True when the caller's own was ended.

    Raises:
        Problem: 401 no session, 403 not signed in.
    """
    logged_out = await writing(request, lambda session, caller: _end(session, caller, wanted))
    request.app.ctx.front.hub.poke()
    return logged_out


def entries(session: Any, caller: Caller) -> list[tuple[SessionEntry, bool]]:
    """The caller's sessions, each with whether it is this very one: first this one, then the one
    used last.

    Raises:
        Problem: 403 when they have not proved who they are.
    """
    found = sessions_of(session, _person(caller))
    marked = [(entry, entry.conversation_id == caller.conversation_id) for entry in found]
    return sorted(marked, key=lambda pair: not pair[1])


def _end(session: Any, caller: Caller, wanted: Wanted) -> bool:
    logged_out = False
    for entry, mine in entries(session, caller):
        if not (entry.public_id == wanted["id"] if "id" in wanted else not mine):
            continue
        if mine:
            log_out(session, caller.conversation_id)
            logged_out = True
        elif end_session(session, _person(caller), entry.public_id):
            _record(session, caller, entry)
    return logged_out


def _record(session: Any, caller: Caller, entry: SessionEntry) -> None:
    """Where it was done from, and to which session."""
    audit.record(
        session,
        "identity.session_ended",
        person_id=caller.person_id,
        conversation_id=caller.conversation_id,
        ended=entry.public_id,
    )


def _person(caller: Caller) -> int:
    if caller.person_id is None:
        raise Problem(403, "errors.not_signed_in")
    return caller.person_id


def _as_json(entry: SessionEntry, mine: bool) -> dict[str, Any]:
    return {
        "id": entry.public_id,
        "opened_at": entry.opened_at.isoformat(timespec="seconds"),
        "seen_at": entry.seen_at.isoformat(timespec="seconds"),
        "this": mine,
    }
