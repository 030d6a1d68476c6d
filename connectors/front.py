"""The front: one Sanic application with everything that faces people."""

from __future__ import annotations

import asyncio
import gc
import secrets
from typing import Any

from sanic import Sanic

from bot.chat.bell import Bell
from bot.logs import configure_logs
from bot.opening import open_database
from bot.settings import Settings
from bot.store import Database
from connectors.bodies import Bodies
from connectors.context import Front
from connectors.files import Files
from connectors.headers import add_headers
from connectors.origins import own_origins
from connectors.pages import Pages
from connectors.problems import answer
from connectors.rates import Limiter, Rates
from connectors.webchat import routes
from connectors.webchat.assets import load_assets
from connectors.webchat.description import body_schemas, load_description
from connectors.webchat.hub import Hub

MAX_BODY = 32 * 1024
MAX_HEAD = 8 * 1024
# A client gets this long to send its whole request; slow senders hold nothing longer.
REQUEST_SECONDS = 15


def create_app(settings: Settings, database: Database, rates: Rates | None = None) -> Sanic:
    """The application. Its name is unique, so that a process may hold several (tests do)."""
    app = Sanic(f"front_{secrets.token_hex(6)}", configure_logging=False)
    app.config.update(config(settings))
    files = load_assets()
    app.ctx.description = load_description()
    app.ctx.front = _front(settings, database, files, app.ctx.description, rates or Rates())
    app.exception(Exception)(answer)
    app.on_response(add_headers)
    routes.add(app, settings)
    listen(app)
    return app


def run_front(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C, in this one process; open streams are ended, not cut."""
    configure_logs("front")
    database = open_database(settings)
    database.migrate()
    app = create_app(settings, database)
    try:
        serve(app, settings.host, settings.port)
    finally:
        database.close()


def serve(app: Sanic, host: str, port: int) -> None:
    """Serve in this one process until SIGTERM or Ctrl-C, as front and desk do."""
    # What is loaded by now stays. A collection that went through all of it again, every minute or
    # so of a busy time, would stop each answer under way for 50 ms.
    gc.collect()
    gc.freeze()
    app.run(host, port, workers=1, access_log=False, auto_reload=False, debug=False, motd=False)


def config(settings: Settings) -> dict[str, Any]:
    """Sanic's own settings, of the front and of the desk."""
    return {
        "REQUEST_MAX_SIZE": MAX_BODY,
        "REQUEST_MAX_HEADER_SIZE": MAX_HEAD,
        "REQUEST_TIMEOUT": REQUEST_SECONDS,
        "KEEP_ALIVE_TIMEOUT": 15,
        "GRACEFUL_SHUTDOWN_TIMEOUT": 5.0,
        "PROXIES_COUNT": settings.proxies or None,
        "ACCESS_LOG": False,
        "MOTD": False,
        "AUTO_EXTEND": False,
    }


def _front(
    settings: Settings,
    database: Database,
    files: Files,
    description: dict[str, Any],
    rates: Rates,
) -> Front:
    return Front(
        settings=settings,
        database=database,
        origins=own_origins(settings.public_url),
        hub=Hub(database, settings.home),
        limiter=Limiter(rates),
        bodies=Bodies(body_schemas(description)),
        files=files,
        pages=Pages(settings, files.version),
        engine=Bell(settings.home, "engine"),
        sender=Bell(settings.home, "sender"),
    )


def listen(app: Sanic) -> None:
    """Run the hub as long as the server runs."""

    async def start(app: Sanic, _loop: Any) -> None:
        app.ctx.hub_task = asyncio.get_running_loop().create_task(app.ctx.front.hub.run())

    async def stop(app: Sanic, _loop: Any) -> None:
        app.ctx.front.hub.close()
        await app.ctx.hub_task

    app.after_server_start(start)
    app.before_server_stop(stop)
