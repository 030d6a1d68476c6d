"""The session cookie. Its token is the only thing a browser holds of a conversation.

The chat inside another site's page has a cookie of its own: the browser keeps it apart for each
embedding site (Partitioned), so it can never be the one of our own pages.
"""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse


def read_token(request: Request) -> str:
    """The session token the browser sent, or an empty string."""
    return request.cookies.get(_name(request)) or ""


def set_token(request: Request, response: HTTPResponse, token: str) -> None:
    response.headers.add("Set-Cookie", f"{_name(request)}={token}; {_attributes(request)}")


def remove_token(request: Request, response: HTTPResponse) -> None:
    response.headers.add("Set-Cookie", f"{_name(request)}=; Max-Age=0; {_attributes(request)}")


def is_embedded(request: Request) -> bool:
    """True for requests of the chat shown inside another site's page."""
    return request.args.get("embed") == "1" or request.path.endswith("/embed")


def _name(request: Request) -> str:
    name = "passage-embed" if is_embedded(request) else "passage"
    return f"__Host-{name}" if request.app.ctx.front.settings.secure else name


def _attributes(request: Request) -> str:
    if is_embedded(request):
        # From plain http, browsers take Secure only on the machine itself: enough for a demo.
        return "Path=/; HttpOnly; Secure; SameSite=None; Partitioned"
    secure = "Secure; " if request.app.ctx.front.settings.secure else ""
    return f"Path=/; HttpOnly; {secure}SameSite=Strict"
