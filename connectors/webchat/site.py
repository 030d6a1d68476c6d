"""The applicants' pages."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.retention.table import rules
from connectors.files import send
from connectors.languages import language_of, other, preferred


async def home(request: Request) -> HTTPResponse:
    """GET /: the choice of language. The browser's own only decides which stands first."""
    return _page(request, "home.html", preferred(request))


async def chat(request: Request) -> HTTPResponse:
    """GET /en, /fr"""
    return _page(request, "chat.html", language_of(request))


async def embed(request: Request) -> HTTPResponse:
    """GET /en/embed, /fr/embed: the chat alone, for a frame in another site's page."""
    return _page(request, "embed.html", language_of(request))


async def privacy(request: Request) -> HTTPResponse:
    """GET /en/privacy, /fr/privacy: with the periods of data/retention.yml, which decides."""
    periods = [rule for rule in rules().values() if rule.keep is not None]
    return _page(request, "privacy.html", language_of(request), periods=periods)


async def embed_script(request: Request) -> HTTPResponse:
    """GET /embed.js: the one line that other sites load, so they may read it."""
    file = request.app.ctx.front.files.files["embed.js"]
    response = send(request, file, "public, max-age=300")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


PAGES = {"": chat, "/embed": embed, "/privacy": privacy}


def _page(request: Request, template: str, language: str, **values: object) -> HTTPResponse:
    pages = request.app.ctx.front.pages
    rest = request.path.removeprefix(f"/{language}").rstrip("/")
    other_path = f"/{other(language)}{rest}"
    response: HTTPResponse = pages.page(template, language, other_path=other_path, **values)
    return response
