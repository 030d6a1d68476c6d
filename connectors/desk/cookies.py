"""The desk's cookie: its own name, for its own host name, sent to no other site's request."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse


def read_token(request: Request) -> str:
    """The token that the browser sent, or an empty string."""
    return request.cookies.get(_name(request)) or ""


def set_token(request: Request, response: HTTPResponse, token: str) -> None:
    response.headers.add("Set-Cookie", f"{_name(request)}={token}; {_attributes(request)}")


def remove_token(request: Request, response: HTTPResponse) -> None:
    response.headers.add("Set-Cookie", f"{_name(request)}=; Max-Age=0; {_attributes(request)}")


def _name(request: Request) -> str:
    secure = request.app.ctx.front.settings.secure
    return "__Host-passage-desk" if secure else "passage-desk"


def _attributes(request: Request) -> str:
    secure = "Secure; " if request.app.ctx.front.settings.secure else ""
    return f"Path=/; HttpOnly; {secure}SameSite=Strict"
