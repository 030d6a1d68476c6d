"""What a request gets when it cannot be served: a sentence in its language, never a trace."""

from __future__ import annotations

from typing import Any

import structlog
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json
from sqlalchemy.exc import OperationalError

from bot.texts import say
from connectors.languages import language_of

log = structlog.get_logger()

# Sentences for what Sanic itself refuses, by status.
_KEYS = {
    404: "errors.not_found",
    405: "page.error.method",
    408: "page.error.timeout",
    413: "errors.body_too_large",
    503: "page.error.busy",
}
# The method of the stand-in that Sanic makes for a request it could not read.
_UNREAD = "NONE"
_FOR_PROGRAMS = ("/api/", "/static/", "/healthz", "/readyz")


class Problem(SanicException):
    """A refusal: `key` names the sentence, `values` fill it, `extra` goes into the JSON answer."""

    def __init__(
        self,
        status: int,
        key: str,
        *,
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(key, status)
        self.key, self.values = key, values
        self.extra, self.extra_headers = extra or {}, headers or {}

    def sentence(self, language: str) -> str:
        return say(language, self.key, **self.values)


def as_problem(request: Request, error: Exception) -> Problem:
    """`error` as what may be said of it; what we did not expect is logged and stays unnamed."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, SanicException) and error.status_code != 500:
        status = error.status_code
        return Problem(status, _KEYS.get(status, "errors.bad_request"))
    if request.method == _UNREAD:
        # Sanic could not read the request's head (a Content-Length that is no number, ...).
        return Problem(400, "errors.bad_request")
    log.error("request.failed", route=request.name, exc_info=error)
    if _is_busy(error):
        return Problem(503, "page.error.busy", headers={"Retry-After": "1"})
    return Problem(500, "errors.internal")


def _is_busy(error: Exception) -> bool:
    """The database is there, but its one writer was at work for longer than we wait (SQLite), or
    two transactions waited for each other, or the connection was lost: the same request may well
    be served in a moment."""
    return isinstance(error, OperationalError) and (
        error.connection_invalidated
        or "database is locked" in str(error.orig)
        or "deadlock detected" in str(error.orig)
    )


def answer(request: Request, error: Exception) -> HTTPResponse:
    """The response for `error`: JSON for programs, a page for people."""
    problem = as_problem(request, error)
    if is_page(request):
        return request.app.ctx.front.pages.problem(request, problem)
    return problem_json(request, problem)


def problem_json(request: Request, problem: Problem) -> HTTPResponse:
    body = {
        "error": problem.sentence(language_of(request)),
        "code": problem.key.rpartition(".")[2],
        **problem.extra,
    }
    return json(body, problem.status_code, headers=problem.extra_headers)


def is_page(request: Request) -> bool:
    """True when the request is for something a person looks at."""
    return not request.path.startswith(_FOR_PROGRAMS) and "." not in request.path
