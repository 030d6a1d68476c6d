"""What the forms of the plain page do: the same services as the API, then the page again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sanic.request import Request
from sanic.response import HTTPResponse, redirect
from sanic.views import stream

from bot.chat.conversations import set_language
from bot.identity.details import (
    FIELDS,
    REPRESENTATIVE_FIELDS,
    DetailsInvalid,
    parse_details,
)
from bot.identity.flow import log_out
from connectors.cookies import read_token, remove_token, set_token
from connectors.forms import check_token, read_form
from connectors.problems import Problem
from connectors.rates import limit_conversations, limit_messages
from connectors.uploads import read_photo_form
from connectors.webchat import plain_landing
from connectors.webchat.callers import writing
from connectors.webchat.conversations import continue_conversation, start_conversation
from connectors.webchat.identity import field_errors, take_code, take_details
from connectors.webchat.messages import take_message
from connectors.webchat.notices import take_choice
from connectors.webchat.plain import Refusal, settle, show
from connectors.webchat.plain_landing import FieldsWrong
from connectors.webchat.sessions import end_wanted

Form = dict[str, str]
PHOTO = "photo"


@stream
async def act(request: Request, name: str) -> HTTPResponse:
    """POST /en/plain/<name>, /fr/plain/<name>"""
    form, photo = await _read(request, name)
    if name == "start":
        return await _start(request)
    if name != PHOTO and name not in _ACTS and name not in plain_landing.ACTS:
        raise Problem(404, "errors.not_found")
    check_token(request, form)
    try:
        await writing(request, lambda s, c: set_language(s, c.conversation_id, _language(request)))
        if name == PHOTO:
            limit_messages(request)
            return await plain_landing.photo(request, form, photo)
        if name in plain_landing.ACTS:
            return await _landing(request, name, form)
        return await _ACTS[name](request, form)
    except FieldsWrong as wrong:
        return await show(request, Refusal(422, "", dict(wrong.errors), form), wrong.once)
    except DetailsInvalid as invalid:
        fields = field_errors(_language(request), invalid)
        return await show(request, Refusal(422, "", fields, form))
    except Problem as problem:
        sentence = problem.sentence(_language(request))
        return await show(request, Refusal(problem.status_code, sentence, {}, form))


async def _read(request: Request, name: str) -> tuple[Form, bytes]:
    """The form, and the file of the one form that has one. Only that may be large."""
    if name == PHOTO:
        return await read_photo_form(request)
    assert request.stream is not None
    request.stream.request_max_size = request.app.config.REQUEST_MAX_SIZE
    await request.receive_body()
    return read_form(request), b""


async def _landing(request: Request, name: str, form: Form) -> HTTPResponse:
    limit_messages(request)
    named = {**form, "client_id": _client_id(form)}
    return await plain_landing.ACTS[name](request, named) or _again(request)


async def _start(request: Request) -> HTTPResponse:
    language = _language(request)
    if await continue_conversation(request, language) is not None:
        return _again(request)
    limit_conversations(request)
    token, _ = await start_conversation(request, language)
    await settle(request, token)
    response = _again(request)
    set_token(request, response, token)
    return response


async def _message(request: Request, form: Form) -> HTTPResponse:
    limit_messages(request)
    body = {"client_id": _client_id(form), "text": form.get("text", "")}
    await take_message(request, body)
    await settle(request, read_token(request))
    return _again(request)


async def _choice(request: Request, form: Form) -> HTTPResponse:
    limit_messages(request)
    body = {"client_id": _client_id(form), "choice": form.get("choice", "")[:24]}
    await take_message(request, body)
    await settle(request, read_token(request))
    return _again(request)


async def _identify(request: Request, form: Form) -> HTTPResponse:
    names: tuple[str, ...] = FIELDS
    if form.get("who") == "representative":
        names += REPRESENTATIVE_FIELDS
    parts = [form.get(f"birth_{part}", "").strip() for part in ("year", "month", "day")]
    details = {**{name: form.get(name, "") for name in names}, "birth_date": "-".join(parts)}
    await take_details(request, parse_details(details))
    return _again(request)


async def _code(request: Request, form: Form) -> HTTPResponse:
    limit_messages(request)
    token = await take_code(request, form.get("code", ""))
    await settle(request, token)
    response = _again(request)
    set_token(request, response, token)
    return response


async def _notices(request: Request, form: Form) -> HTTPResponse:
    """Each box has the name topic.channel, and is there when it is ticked."""
    limit_messages(request)
    wanted = [name for name, value in form.items() if "." in name and value == "yes"]
    await take_choice(request, wanted, form.get("zone", ""), _client_id(form))
    return _again(request)


async def _same(request: Request, form: Form) -> HTTPResponse:
    """The language was changed by coming here."""
    return _again(request)


async def _sessions(request: Request, form: Form) -> HTTPResponse:
    chosen = form.get("session", "")
    wanted = {"others": True} if chosen == "others" else {"id": chosen}
    logged_out = await end_wanted(request, wanted)
    response = _again(request, "?sessions=open#sessions")
    if logged_out:
        remove_token(request, response)
    return response


async def _end(request: Request, form: Form) -> HTTPResponse:
    await writing(request, lambda session, caller: log_out(session, caller.conversation_id))
    request.app.ctx.front.hub.poke()
    response = _again(request)
    remove_token(request, response)
    return response


_ACTS: dict[str, Callable[[Request, Form], Awaitable[HTTPResponse]]] = {
    "message": _message,
    "choice": _choice,
    "identify": _identify,
    "code": _code,
    "language": _same,
    "notices": _notices,
    "sessions": _sessions,
    "end": _end,
}


def _language(request: Request) -> str:
    return str(request.path.split("/")[1])


def _client_id(form: Form) -> str:
    """The form's own name for this message: sent twice, it is stored once."""
    found = form.get("client_id", "")
    if not (8 <= len(found) <= 64 and found.isascii() and found.isalnum()):
        raise Problem(400, "errors.bad_request")
    return found


def _again(request: Request, part: str = "#latest") -> HTTPResponse:
    """See Other: reloading the page that follows sends nothing again."""
    return redirect(f"/{_language(request)}/plain{part}", status=303)
