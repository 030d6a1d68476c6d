"""Is the front up, and are questions being answered?"""

from __future__ import annotations

from datetime import timedelta

import structlog
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.clock import now
from bot.store import Database, Heartbeat
from connectors.problems import Problem

log = structlog.get_logger()

FRESH = timedelta(seconds=20)


async def healthz(request: Request) -> HTTPResponse:
    """GET /healthz"""
    return json({"status": "up"})


async def readyz(request: Request) -> HTTPResponse:
    """GET /readyz"""
    database = request.app.ctx.front.database
    if not await database.threads.read(_is_ready, database):
        raise Problem(503, "errors.not_ready")
    return json({"status": "ready"})


def _is_ready(database: Database) -> bool:
    try:
        with database.read() as session:
            beat = session.get(Heartbeat, "engine")
    except Exception as error:
        log.warning("front.not_ready", kind=type(error).__name__)
        return False
    return beat is not None and now() - beat.at < FRESH
