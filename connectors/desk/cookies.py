"""The desk's cookies: their own names, for its own host name. The session's is sent to no other
site's request; the one of a try to sign in must be, as the provider sends the browser back."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.oidc.attempt import GOOD_FOR
from bot.texts import LANGUAGES

SESSION, ATTEMPT = "passage-desk", "passage-desk-door"


def read_token(request: Request) -> str:
    """The token that the browser sent, or an empty string."""
    return request.cookies.get(_name(request, SESSION)) or ""


def set_token(request: Request, response: HTTPResponse, token: str) -> None:
    _set(request, response, SESSION, token, "SameSite=Strict")


def remove_token(request: Request, response: HTTPResponse) -> None:
    _set(request, response, SESSION, "", "Max-Age=0; SameSite=Strict")


def read_attempt(request: Request, otherwise: str) -> tuple[str, str]:
    """The secret of the browser's try to sign in, or an empty string; and the language of the page
    that it began on, or `otherwise`."""
    value = request.cookies.get(_name(request, ATTEMPT)) or ""
    secret, _, language = value.partition(".")
    return secret, language if language in LANGUAGES else otherwise


def set_attempt(request: Request, response: HTTPResponse, secret: str, language: str) -> None:
    seconds = int(GOOD_FOR.total_seconds())
    _set(request, response, ATTEMPT, f"{secret}.{language}", f"Max-Age={seconds}; SameSite=Lax")


def remove_attempt(request: Request, response: HTTPResponse) -> None:
    _set(request, response, ATTEMPT, "", "Max-Age=0; SameSite=Lax")


def _set(request: Request, response: HTTPResponse, name: str, value: str, rest: str) -> None:
    secure = "Secure; " if request.app.ctx.front.settings.secure else ""
    cookie = f"{_name(request, name)}={value}; Path=/; HttpOnly; {secure}{rest}"
    response.headers.add("Set-Cookie", cookie)


def _name(request: Request, name: str) -> str:
    return f"__Host-{name}" if request.app.ctx.front.settings.secure else name
