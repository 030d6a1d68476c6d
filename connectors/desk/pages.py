"""The desk's pages: every one with who is signed in, what they may open, and a form's token."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.agents.sessions import AgentView
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


def first_page(me: AgentView) -> str:
    """The page that the agent's role begins with."""
    for right, path in (("talk", ""), ("landing", "/landing"), ("agents", "/agents")):
        if me.may(right):
            return path
    return "/keys"


def show_door(
    request: Request, status: int = 200, wrong: str = "", login: str = "", password: bool = False
) -> HTTPResponse:
    """The page to sign in: with the provider where there is one, with a `password` where there is
    none or by the other way in; `wrong` names the sentence about the last try."""
    settings = request.app.ctx.front.settings
    by_password = password or settings.oidc is None
    here = "/sign-in/password" if password else "/sign-in"
    return show(
        request,
        "sign_in.html",
        status,
        wrong=wrong,
        login=login,
        by_password=by_password,
        break_glass=settings.oidc is not None and settings.oidc.break_glass,
        other_path=f"/{other(language_of(request))}{here}",
    )


def show_going(request: Request, way: str, to: str, other_path: str) -> HTTPResponse:
    """A page that goes on to `to` by itself, after signing in or out (`way`: in | out)."""
    other_path = f"/{other(language_of(request))}{other_path}"
    return show(request, "going.html", way=way, to=to, other_path=other_path)


def _exists(request: Request, language: str, path: str) -> bool:
    return f"/{language}{path}" in request.app.ctx.desk_paths
