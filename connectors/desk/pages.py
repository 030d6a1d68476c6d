"""The desk's pages: every one with who is signed in, what they may open, and a form's token."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from connectors.desk.cookies import read_token
from connectors.forms import check_token, form_token, read_form
from connectors.languages import language_of, other

# Where the bar leads: path, text, the right that it asks for. Order is the order on the page.
NAVIGATION = (
    ("", "desk.nav.queue", "talk"),
    ("/landing", "desk.nav.landing", "landing"),
    ("/board", "desk.nav.board", "supervise"),
    ("/quality", "desk.nav.quality", "supervise"),
    ("/figures", "desk.nav.figures", "supervise"),
    ("/replies", "desk.nav.replies", "here"),
    ("/agents", "desk.nav.agents", "agents"),
    ("/keys", "desk.nav.keys", "here"),
)


def show(request: Request, template: str, status: int = 200, **values: Any) -> HTTPResponse:
    """A page of the desk in the address's language."""
    language = language_of(request)
    rest = request.path.removeprefix(f"/{language}").rstrip("/")
    me = getattr(request.ctx, "me", None)
    links = [(path, key) for path, key, right in NAVIGATION if me and me.may(right)]
    response: HTTPResponse = request.app.ctx.front.pages.page(
        template,
        language,
        status,
        me=me,
        links=[link for link in links if _exists(request, language, link[0])],
        here=rest,
        applicants_url=request.app.ctx.front.applicants_url,
        token=form_token(request, read_token(request)),
        **{"other_path": f"/{other(language)}{rest}", **values},
    )
    return response


def read_desk_form(request: Request) -> dict[str, str]:
    """The fields of a form of our own page, made for the session that sends it.

    Raises:
        Problem: 403 another site's or another session's, 415, 400.
    """
    fields = read_form(request)
    check_token(request, fields, read_token(request))
    return fields


def _exists(request: Request, language: str, path: str) -> bool:
    return f"/{language}{path}" in request.app.ctx.desk_paths
