"""Lines after a cursor: as a stream of server-sent events, or as JSON after a short wait."""

from __future__ import annotations

import asyncio
import json as stdlib_json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.chat.conversations import LineView, lines_after
from connectors.cookies import read_token
from connectors.problems import Problem
from connectors.webchat.callers import Caller, reading
from connectors.webchat.hub import State, Watcher

log = structlog.get_logger()

HEARTBEAT = 15.0
MAX_WAIT = 25
USUAL_WAIT = 4
MAX_CURSOR = 2**31 - 1


# Reads the lines after a cursor.
Lines = Callable[[int], Awaitable[list[LineView]]]


async def events(request: Request) -> HTTPResponse | None:
    """GET /api/chat/events"""
    return await serve_events(request, read_token(request), partial(_lines, request))


async def serve_events(request: Request, key: str, lines: Lines) -> HTTPResponse | None:
    """What the hub tells of `key` and the `lines` after the request's cursor, in either form. The
    applicants' page and the agents' desk have the same cursor."""
    cursor = _cursor(request)
    if "text/event-stream" in request.headers.get("accept", ""):
        await _stream(request, key, lines, cursor)
        return None
    return await _poll(request, key, lines, cursor)


async def _stream(request: Request, key: str, read: Lines, cursor: int) -> None:
    lines = await read(cursor)
    with request.app.ctx.front.hub.watch(key) as watcher:
        headers = {"X-Accel-Buffering": "no"}
        response = await request.respond(content_type="text/event-stream", headers=headers)
        # The first bytes tell the page that streaming gets through to it.
        await _send(request, response, "retry: 1000\n\n")
        try:
            await _tell(request, response, watcher, lines, cursor, read)
        except Exception as error:
            # A Problem: the session ended. After anything else too the page connects again.
            if not isinstance(error, Problem):
                log.warning("stream.cut", exc_info=error)
        if not request.transport.is_closing():
            await response.eof()


async def _tell(
    request: Request,
    response: Any,
    watcher: Watcher,
    lines: list[LineView],
    cursor: int,
    read: Lines,
) -> None:
    """Send `lines`, then whatever comes, until the session or the front ends."""
    flags: dict[str, Any] | None = None
    while not watcher.ended:
        for line in lines:
            await _send(request, response, _line_event(line))
            cursor = line.number
        state = watcher.state
        if state and state.flags() != flags and cursor >= state.last_line:
            flags = state.flags()
            await _send(request, response, f"event: state\ndata: {stdlib_json.dumps(flags)}\n\n")
        if not (state and state.last_line > cursor):
            await watcher.wait(HEARTBEAT)
            if watcher.state == state and not watcher.ended:
                await _send(request, response, ": still here\n\n")
        lines = await read(cursor) if _has_more(watcher, cursor) else []


async def _send(request: Request, response: Any, text: str) -> None:
    """Send unless the reader has gone. Sanic cancels us then, but asyncio.wait_for of Python 3.10
    swallows a cancellation that comes together with what it waits for."""
    if request.transport.is_closing():
        raise asyncio.CancelledError
    await response.send(text)


async def _poll(request: Request, key: str, read: Lines, cursor: int) -> HTTPResponse:
    wait = _number(request, "wait", USUAL_WAIT, MAX_WAIT)
    lines = await read(cursor)
    with request.app.ctx.front.hub.watch(key) as watcher:
        await watcher.wait(1.0)
        first = watcher.state
        if not lines and not watcher.ended:
            await _until_news(watcher, cursor, first, wait)
            lines = await read(cursor)
        flags = (watcher.state or State(0, False, False, False)).flags()
    last = lines[-1].number if lines else cursor
    return json({"lines": [line.as_json() for line in lines], "cursor": last, **flags})


async def _until_news(watcher: Watcher, cursor: int, first: State | None, wait: int) -> None:
    end = asyncio.get_running_loop().time() + wait
    while watcher.state == first and not watcher.ended and not _has_more(watcher, cursor):
        left = end - asyncio.get_running_loop().time()
        if left <= 0:
            return
        await watcher.wait(left)


async def _lines(request: Request, cursor: int) -> list[LineView]:
    def read(session: Any, caller: Caller) -> list[LineView]:
        return lines_after(session, caller.conversation_id, cursor)

    return await reading(request, read)


def _has_more(watcher: Watcher, cursor: int) -> bool:
    return watcher.state is not None and watcher.state.last_line > cursor


def _line_event(line: LineView) -> str:
    return f"id: {line.number}\ndata: {stdlib_json.dumps(line.as_json())}\n\n"


def _cursor(request: Request) -> int:
    """Last-Event-ID, which a reconnecting client sends, counts before the address's cursor."""
    last = request.headers.get("last-event-id")
    if last is not None and last.isdecimal() and len(last) <= 10:
        return min(int(last), MAX_CURSOR)
    return _number(request, "cursor", 0, MAX_CURSOR)


def _number(request: Request, name: str, usual: int, most: int) -> int:
    value = request.args.get(name, str(usual))
    if not value.isascii() or not value.isdecimal() or len(value) > 10 or int(value) > most:
        raise Problem(400, "errors.bad_request")
    return int(value)
