"""One conversation: the page, what it shows, its stream of lines, and what an agent does there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.chat.conversations import LineView, conversation_language
from bot.desk.file_panel import REASONS, NotProven, open_file
from bot.desk.proving import NotByText, ask_identity
from bot.desk.suggesting import suggested
from bot.desk.viewing import NotHere, described, desk_lines, found, opened
from bot.desk.watching import agent_saw, agent_typing
from bot.handoff import (
    OUTCOMES,
    NothingSaid,
    NotYours,
    close,
    give_back,
    note,
    read_words,
    speak,
    transfer,
)
from bot.rights.authorize import NotAllowed
from bot.store import Agent, Handoff
from connectors.desk.cookies import read_token
from connectors.desk.finding import agent_named, number
from connectors.desk.hub import key_of
from connectors.desk.pages import show
from connectors.desk.queue import take
from connectors.desk.routing import get, page, post, reading, writing
from connectors.languages import language_of
from connectors.problems import Problem
from connectors.webchat.events import serve_events

# What a service refuses -> status and sentence.
_REFUSALS: dict[type[Exception], tuple[int, str]] = {
    NotHere: (404, "errors.not_found"),
    NotYours: (409, "desk.error.not_yours"),
    NothingSaid: (422, "desk.error.empty"),
    NotProven: (409, "desk.error.not_proven"),
    NotByText: (409, "desk.error.not_by_text"),
    NotAllowed: (403, "desk.error.role"),
}


async def conversation(request: Request, handoff: str) -> HTTPResponse:
    """GET /en/c/<id>"""
    return show(request, "conversation.html", id=number(handoff), outcomes=OUTCOMES, why=REASONS)


async def view(request: Request, handoff: str) -> HTTPResponse:
    """GET /api/desk/conversations/<id>: one audit row each time."""
    me, language = request.ctx.me, language_of(request)
    wanted = number(handoff)
    return json(await _do(request, lambda s: opened(s, wanted, me, language)))


async def events(request: Request, handoff: str) -> HTTPResponse | None:
    """GET /api/desk/conversations/<id>/events: the applicant's own cursor."""
    wanted, me, language = number(handoff), request.ctx.me, language_of(request)

    async def lines(cursor: int) -> list[LineView]:
        def read(session: Any) -> list[LineView]:
            row = _look(lambda: found(session, wanted, me))
            return desk_lines(session, row.conversation_id, cursor, language)

        return await reading(request, read)

    return await serve_events(request, key_of(read_token(request), wanted), lines)


async def claim(request: Request, handoff: str) -> HTTPResponse:
    """POST …/claim"""
    request.app.ctx.front.bodies.read(request, "Nothing")
    if not await take(request, number(handoff)):
        raise Problem(409, "desk.error.taken")
    return await _described(request, number(handoff))


async def say(request: Request, handoff: str) -> HTTPResponse:
    """POST …/messages: 202 once it is stored; the same client_id again is the same line."""
    body = request.app.ctx.front.bodies.read(request, "Say")

    def work(session: Any, row: Handoff, agent: Agent) -> int:
        language = conversation_language(session, row.conversation_id)
        return speak(session, row.conversation_id, body["text"], language, agent, body["client_id"])

    return json({"line": await _act(request, handoff, work)}, 202)


async def write_note(request: Request, handoff: str) -> HTTPResponse:
    """POST …/note: also by whoever only reads along."""
    text = request.app.ctx.front.bodies.read(request, "Note")["text"]
    await _act(request, handoff, lambda session, row, agent: note(session, row.id, agent, text))
    return await _described(request, number(handoff))


async def pass_on(request: Request, handoff: str) -> HTTPResponse:
    """POST …/transfer: `to` is a colleague's login, or empty for whoever is free."""
    body = request.app.ctx.front.bodies.read(request, "Transfer")

    def work(session: Any, row: Handoff, agent: Agent) -> None:
        to = agent_named(session, body["to"]) if body["to"] else None
        try:
            transfer(session, row.conversation_id, agent, body["text"], to=to)
        except ValueError as error:
            key = "desk.error.language" if body["text"].strip() else "desk.error.empty"
            raise Problem(422, key) from error

    await _act(request, handoff, work)
    return await _described(request, number(handoff))


async def back(request: Request, handoff: str) -> HTTPResponse:
    """POST …/return: the bot goes on."""
    request.app.ctx.front.bodies.read(request, "Nothing")
    await _act(request, handoff, lambda s, row, agent: give_back(s, row.conversation_id, agent))
    return await _described(request, number(handoff))


async def end(request: Request, handoff: str) -> HTTPResponse:
    """POST …/close"""
    outcome = request.app.ctx.front.bodies.read(request, "Close")["outcome"]
    await _act(
        request, handoff, lambda s, row, agent: close(s, row.conversation_id, agent, outcome)
    )
    return await _described(request, number(handoff))


async def identity(request: Request, handoff: str) -> HTTPResponse:
    """POST …/identity"""
    request.app.ctx.front.bodies.read(request, "Nothing")
    me = request.ctx.me
    asked = await _act(
        request, handoff, lambda s, row, _a: ask_identity(s, row.conversation_id, me)
    )
    return json({"asked": asked})


async def file(request: Request, handoff: str) -> HTTPResponse:
    """POST …/file: the file in words and as a picture; its audit row is written with it."""
    body = request.app.ctx.front.bodies.read(request, "File")
    me, language = request.ctx.me, language_of(request)

    def work(session: Any, row: Handoff, _agent: Agent) -> dict[str, Any]:
        cid = row.conversation_id
        return open_file(session, cid, body["id"], me, body["reason"], language)

    return json(await _act(request, handoff, work, wakes=False))


async def suggestions(request: Request, handoff: str) -> HTTPResponse:
    """GET …/suggestions"""
    me, language, wanted = request.ctx.me, language_of(request), number(handoff)

    def read(session: Any) -> list[dict[str, Any]]:
        row = found(session, wanted, me)
        talking = conversation_language(session, row.conversation_id)
        return suggested(row, language, talking)

    return json({"suggestions": await _do(request, read, writes=False)})


async def typing(request: Request, handoff: str) -> HTTPResponse:
    """POST …/typing: the agent writes, so they are not idle."""
    request.app.ctx.front.bodies.read(request, "Nothing")
    me, wanted = request.ctx.me, number(handoff)
    await _do(request, lambda session: agent_typing(session, wanted, me.id))
    request.app.ctx.front.front.ring()
    return json({})


async def seen(request: Request, handoff: str) -> HTTPResponse:
    """POST …/seen: the page has shown the lines up to this one, and a supervisor's words up to the
    note `word`; 0 when there are none."""
    body = request.app.ctx.front.bodies.read(request, "Seen")
    me, wanted = request.ctx.me, number(handoff)

    def work(session: Any) -> bool:
        agent_saw(session, wanted, me.id, body["line"])
        return read_words(session, wanted, me, body["word"])

    if await _do(request, work):
        request.app.ctx.front.queues.forget()
    return json({})


async def _described(request: Request, wanted: int) -> HTTPResponse:
    me, language = request.ctx.me, language_of(request)

    def read(session: Any) -> dict[str, Any]:
        return described(session, found(session, wanted, me), me, language)

    return json(await _do(request, read, writes=False))


async def _act(
    request: Request,
    handoff: str,
    work: Callable[[Any, Handoff, Agent], Any],
    *,
    wakes: bool = True,
) -> Any:
    """Run `work` on the hand-off as the agent, in one transaction, then wake who shows it."""
    me, wanted = request.ctx.me, number(handoff)

    def run(session: Any) -> Any:
        return work(session, found(session, wanted, me), session.get(Agent, me.id))

    done = await _do(request, run)
    if wakes:
        request.app.ctx.front.wake_all()
    return done


async def _do(request: Request, work: Callable[[Any], Any], writes: bool = True) -> Any:
    run = writing if writes else reading
    return await run(request, lambda session: _look(lambda: work(session)))


def _look(work: Callable[[], Any]) -> Any:
    """What `work` gives; what a service refuses becomes a sentence."""
    try:
        return work()
    except tuple(_REFUSALS) as refused:
        status, key = _REFUSALS[type(refused)]
        raise Problem(status, key) from refused


_ONE = "/conversations/<handoff:str>"
ROUTES = (
    page("/c/<handoff:str>", conversation, "talk"),
    get(_ONE, view, "talk"),
    get(f"{_ONE}/events", events, "talk", quiet=True),
    get(f"{_ONE}/suggestions", suggestions, "talk", quiet=True),
    post(f"{_ONE}/claim", claim, "talk"),
    post(f"{_ONE}/messages", say, "talk"),
    post(f"{_ONE}/note", write_note, "talk"),
    post(f"{_ONE}/transfer", pass_on, "talk"),
    post(f"{_ONE}/return", back, "talk"),
    post(f"{_ONE}/close", end, "talk"),
    post(f"{_ONE}/identity", identity, "talk"),
    post(f"{_ONE}/file", file, "talk"),
    post(f"{_ONE}/typing", typing, "talk"),
    post(f"{_ONE}/seen", seen, "talk", quiet=True),
)
