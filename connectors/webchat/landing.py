"""The forms of landing that go past the engine: the declaration, and errors on the confirmation."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.answers.landing import landing_answer
from bot.chat.conversations import add_choices, add_line
from bot.chat.owning import service_author
from bot.chat.reply import Reply
from bot.landing import steps
from bot.landing.declaration import CannotDeclare, DeclarationInvalid, parse_declaration
from bot.landing.members import member_of
from bot.landing.moving import NoLanding
from bot.landing.place import Actor, Place
from bot.landing.reading import Standing, standings
from bot.texts import say
from connectors.origins import check_origin
from connectors.problems import Problem
from connectors.rates import limit_forms
from connectors.webchat.callers import Caller
from connectors.webchat.doing import doing_once, once_name

LONGEST_ERROR = 500


async def declaration(request: Request) -> HTTPResponse:
    """POST /api/chat/landing/declaration"""
    check_origin(request)
    limit_forms(request)
    form = request.app.ctx.front.bodies.read(request, "Declaration")
    try:
        await take_declaration(request, form)
    except DeclarationInvalid as invalid:
        language = request.ctx.language
        errors = {field: say(language, key) for field, key in invalid.errors.items()}
        return json({"errors": errors}, 422)
    return json({"accepted": True}, 202)


async def error(request: Request) -> HTTPResponse:
    """POST /api/chat/landing/error"""
    check_origin(request)
    limit_forms(request)
    body = request.app.ctx.front.bodies.read(request, "LandingError")
    await take_error(request, body["member"], body["text"], body["client_id"])
    return json({"accepted": True}, 202)


async def take_declaration(request: Request, form: dict[str, Any]) -> None:
    """Take a declaration in; abroad, or with something to report first, it lands nobody.

    Raises:
        DeclarationInvalid
        Problem: 401, 403, 409 not the step that is due.
    """

    def work(session: Any, caller: Caller) -> None:
        place, actor = place_of(session, caller, form["member"]), actor_of(caller)
        key = _declared(session, place, actor, form, _request_id(caller, form))
        if key is not None:
            add_line(
                session, caller.conversation_id, "user", sent_line(caller, "declaration"), name
            )
            say_line(session, caller, Reply(say(caller.language, key)))
            show_standing(session, caller, place)

    name = once_name("declaration", form["client_id"])
    await doing_once(request, name, work)


def _declared(
    session: Any, place: Place, actor: Actor, form: dict[str, Any], request: str
) -> str | None:
    """The sentence that answers a declaration; None when this request was answered before."""
    try:
        declared = parse_declaration(form)
    except CannotDeclare as cannot:
        if cannot.reason == "abroad":
            steps.report_abroad(session, place, actor)
        return f"landing.cannot.{cannot.reason}"
    return (
        "landing.done.declare" if steps.declare(session, place, actor, declared, request) else None
    )


async def take_error(request: Request, member: str, text: str, client_id: str = "") -> None:
    """Take in what is wrong on a confirmation; `client_id` again changes nothing.

    Raises:
        Problem: 401, 403, 409 there is none to correct, 422 nothing was said.
    """
    said = " ".join(text.split())[:LONGEST_ERROR]

    def work(session: Any, caller: Caller) -> None:
        place = place_of(session, caller, member)
        if not said:
            raise Problem(422, "landing.ask.error")
        steps.report_error(session, place, actor_of(caller), said)
        sent = sent_line(caller, "error")
        add_line(session, caller.conversation_id, "user", sent, name)
        say_line(session, caller, Reply(say(caller.language, "landing.done.error")))
        show_standing(session, caller, place)

    name = once_name("error", client_id)
    await doing_once(request, name, work)


def person_of(session: Any, caller: Caller, ref: str) -> int:
    """Whom `ref` names.

    Raises:
        Problem: 403 not signed in, or nobody of theirs.
    """
    if caller.person_id is None:
        raise Problem(403, "errors.not_signed_in")
    found = member_of(session, caller.conversation_id, caller.person_id, ref)
    if found is None:
        raise Problem(403, "landing.cannot.not_yours")
    return found


def place_of(session: Any, caller: Caller, ref: str) -> Place:
    """The landing of whom `ref` names.

    Raises:
        Problem: 403.
        NoLanding: there is none that the caller may know of.
    """
    person = person_of(session, caller, ref)
    assert caller.person_id is not None
    found = [s.place for s in standings(session, caller.person_id) if s.place.person_id == person]
    if not found:
        raise NoLanding
    return found[0]


def actor_of(caller: Caller) -> Actor:
    return Actor(person_id=caller.person_id, conversation_id=caller.conversation_id)


def show_standing(session: Any, caller: Caller, place: Place) -> None:
    """Say where the landing stands now."""
    assert caller.person_id is not None
    session.flush()
    family = standings(session, caller.person_id)
    standing: Standing = next(s for s in family if s.place == place)
    say_line(session, caller, landing_answer(standing, family, caller.language))


def say_line(session: Any, caller: Caller, reply: Reply) -> None:
    """Answer a form, with quick replies."""
    extras = reply.extras()
    body = {"text": reply.text, "lang": caller.language, **extras}
    if "choices" in extras:
        body["choices"] = add_choices(session, caller.conversation_id, extras["choices"])
    author = service_author(session, caller.conversation_id)
    add_line(session, caller.conversation_id, author, body)


def sent_line(caller: Caller, form: str) -> dict[str, Any]:
    """The line of the person that stands for a form they sent; the page closes that form by it."""
    text = say(caller.language, f"landing.sent.{form}")
    return {"text": text, "lang": caller.language, "card": {"kind": "sent", "form": form}}


def _request_id(caller: Caller, form: dict[str, Any]) -> str:
    return f"{caller.conversation_id}:{form['client_id']}"[:80]
