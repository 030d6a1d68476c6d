"""Which handler serves which address of the desk. A new module goes into MODULES, a page that the
bar should lead to into `pages.NAVIGATION`."""

from __future__ import annotations

import re
from types import ModuleType

from sanic import Sanic

from bot.texts import LANGUAGES
from connectors.desk import (
    board,
    conversation,
    door,
    figures,
    landing,
    oidc,
    quality,
    queue,
    replies,
)
from connectors.desk.routing import Route, guarded
from connectors.files import serve
from connectors.health import healthz

MODULES: tuple[ModuleType, ...] = (
    door, oidc, queue, conversation, replies, landing, figures, board, quality,
)  # fmt: skip


def add(app: Sanic) -> None:
    """Add all routes of the desk to `app`."""
    app.ctx.desk_paths = set()
    for module in MODULES:
        for route in module.ROUTES:
            _add(app, route)
    app.add_route(door.home, "/", name="home")
    app.add_route(healthz, "/healthz", name="healthz")
    app.add_route(figures.metrics_page, "/metrics", name="metrics")
    static = serve(app.ctx.front.files)
    app.add_route(static, "/static/<wanted:str>/<path:path>", name="static")


def _add(app: Sanic, route: Route) -> None:
    paths = [f"/{one}{route.path}" for one in LANGUAGES] if route.both else [route.path]
    for path in paths:
        name = re.sub(r"\W", "_", f"{route.method}{path}")
        app.add_route(guarded(route), path, methods=[route.method], name=name)
        app.ctx.desk_paths.add(path)
