"""The desk's Sanic application. It shares the front's plumbing (headers, origins, problems, pages,
forms), which finds what it needs in `app.ctx.front`: here that is a Desk."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.chat.bell import Bell
from bot.desk.listing import Queues
from bot.logs import configure_logs
from bot.oidc.provider import Provider
from bot.opening import open_database
from bot.settings import Settings
from bot.store import Database
from connectors.bodies import Bodies
from connectors.desk import routes
from connectors.desk.bodies import SCHEMAS
from connectors.desk.hub import DeskHub
from connectors.desk.oidc import CALLBACK
from connectors.desk.renewals import Renewals
from connectors.files import Files
from connectors.front import config, listen, serve
from connectors.headers import add_headers
from connectors.origins import own_origins
from connectors.pages import Pages
from connectors.problems import answer
from connectors.rates import Limiter, Rates
from connectors.webchat.assets import PAGE_TEXTS, add_texts, load_assets

HERE = Path(__file__).parent
# Nothing on the desk needs more; no script may ever make markup out of text (knowledge: T16).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@dataclass(frozen=True)
class Desk:
    """What every handler of the desk may use. In `settings`, `public_url` is the desk's own."""

    settings: Settings
    applicants_url: str
    database: Database
    origins: frozenset[str]
    hub: DeskHub
    queues: Queues
    renewals: Renewals
    limiter: Limiter
    bodies: Bodies
    files: Files
    pages: Pages
    front: Bell
    engine: Bell
    sender: Bell
    provider: Provider | None

    def wake_all(self) -> None:
        """Something was written that the applicant's page, the engine, the sender or the other
        pages of the desk wait for."""
        self.queues.forget()
        self.front.ring()
        self.engine.ring()
        self.sender.ring()
        self.hub.poke()


def create_desk(settings: Settings, database: Database, rates: Rates | None = None) -> Sanic:
    """The application. Its name is unique, so that a process may hold several (tests do)."""
    app = Sanic(f"desk_{secrets.token_hex(6)}", configure_logging=False)
    app.config.update(config(settings))
    app.ctx.front = _desk(settings, database, rates or Rates())
    app.exception(Exception)(answer)
    app.on_response(_headers)
    routes.add(app)
    listen(app)
    return app


def run_desk(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C, in this one process."""
    configure_logs("desk")
    database = open_database(settings)
    database.migrate()
    app = create_desk(settings, database)
    try:
        serve(app, settings.host, settings.desk_port)
    finally:
        database.close()


def desk_assets() -> Files:
    """The front's files, and over them the desk's own and the texts that its modules say."""
    files = load_assets()
    files.add_folder(HERE / "static")
    add_texts(files, (*PAGE_TEXTS, "desk."))
    return files


def _desk(settings: Settings, database: Database, rates: Rates) -> Desk:
    files = desk_assets()
    own = replace(settings, public_url=settings.desk_url)
    return Desk(
        settings=own,
        applicants_url=settings.public_url,
        database=database,
        origins=own_origins(own.public_url),
        hub=DeskHub(database, settings.home, bell="desk"),
        queues=Queues(),
        renewals=Renewals(database),
        limiter=Limiter(rates),
        bodies=Bodies(SCHEMAS),
        files=files,
        pages=Pages(own, files.version, HERE / "templates"),
        front=Bell(settings.home, "front"),
        engine=Bell(settings.home, "engine"),
        sender=Bell(settings.home, "sender"),
        provider=_provider(own),
    )


def _provider(own: Settings) -> Provider | None:
    callback = f"{own.public_url}{CALLBACK}"
    return Provider(own.oidc, callback, plain=own.demo) if own.oidc else None


def _headers(request: Request, response: BaseHTTPResponse) -> None:
    headers: Any = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    add_headers(request, response)
