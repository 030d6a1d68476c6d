"""What a supervisor does beside reading along: the live board, moving a conversation, a private
word to its agent, looking into an alert."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.desk.alerts import OwnAlert, looked_into
from bot.desk.board import board
from bot.handoff import NothingSaid, reassign, word
from bot.store import Agent
from connectors.desk.finding import agent_named, number
from connectors.desk.pages import show
from connectors.desk.routing import get, page, post, reading, writing
from connectors.languages import language_of
from connectors.problems import Problem


async def board_page(request: Request) -> HTTPResponse:
    """GET /en/board"""
    return show(request, "board.html")


async def board_data(request: Request) -> HTTPResponse:
    """GET /api/desk/board"""
    me, language, queues = request.ctx.me, language_of(request), request.app.ctx.front.queues
    found = await reading(request, lambda session: board(session, queues, me, language))
    longest = found["longest"]
    return json({**found, "longest": longest and longest.isoformat(timespec="seconds")})


async def move(request: Request, handoff: str) -> HTTPResponse:
    """POST /api/desk/conversations/<id>/reassign: `to` is a login, or empty for the queue."""
    login = request.app.ctx.front.bodies.read(request, "Reassign")["to"]
    me, wanted = request.ctx.me, number(handoff)

    def work(session: Any) -> bool:
        to = agent_named(session, login) if login else None
        return reassign(session, wanted, session.get(Agent, me.id), to)

    if not await writing(request, work):
        raise Problem(409, "desk.board.not_moved")
    request.app.ctx.front.wake_all()
    return json({})


async def say_privately(request: Request, handoff: str) -> HTTPResponse:
    """POST /api/desk/conversations/<id>/word: read by its agent only, never by the applicant."""
    text = request.app.ctx.front.bodies.read(request, "Note")["text"]
    me, wanted = request.ctx.me, number(handoff)

    def work(session: Any) -> bool:
        return word(session, wanted, session.get(Agent, me.id), text)

    try:
        said = await writing(request, work)
    except NothingSaid as nothing:
        raise Problem(422, "desk.error.empty") from nothing
    if not said:
        raise Problem(409, "desk.error.over")
    request.app.ctx.front.wake_all()
    return json({})


async def looked(request: Request, alert: str) -> HTTPResponse:
    """POST /api/desk/alerts/<id>/seen: a supervisor has looked into it."""
    request.app.ctx.front.bodies.read(request, "Nothing")
    me, wanted = request.ctx.me, number(alert)
    try:
        done = await writing(request, lambda session: looked_into(session, wanted, me))
    except OwnAlert as own:
        raise Problem(403, "desk.board.alert_own") from own
    if not done:
        raise Problem(404, "errors.not_found")
    return json({})


_ONE = "/conversations/<handoff:str>"
ROUTES = (
    page("/board", board_page, "supervise"),
    get("/board", board_data, "supervise", quiet=True),
    post("/alerts/<alert:str>/seen", looked, "supervise"),
    post(f"{_ONE}/reassign", move, "supervise"),
    post(f"{_ONE}/word", say_privately, "supervise"),
)
