"""Plain HTML forms: read strictly, and only when our own page of the same session made them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from itsdangerous import BadSignature, URLSafeSerializer
from sanic.request import Request

from bot.store.keys import derive_key
from connectors.bodies import is_text
from connectors.cookies import read_token
from connectors.origins import check_origin
from connectors.problems import Problem

MAX_FIELDS = 20
TOKEN = "form_token"


def form_token(request: Request, session_token: str) -> str:
    """What a form of this session carries; it tells nothing of the session's own token."""
    digest = hashlib.sha256(session_token.encode()).hexdigest()
    return str(_serializer(request).dumps(digest))


def read_form(request: Request) -> dict[str, str]:
    """The fields of a form that may come from our own page only.

    Raises:
        Problem: 403 another site's, 415 not a form, 400 unreadable.
    """
    check_origin(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Problem(415, "errors.bad_request")
    try:
        pairs = parse_qsl(
            request.body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS
        )
    except ValueError as error:
        raise Problem(400, "errors.bad_request") from error
    return read_fields(dict(pairs))


def read_fields(fields: Mapping[str, Any]) -> dict[str, str]:
    """The fields as texts; of several with one name the first (Sanic gives lists).

    Raises:
        Problem: 400.
    """
    found = {name: _first(value) for name, value in fields.items()}
    if len(found) > MAX_FIELDS or not all(map(is_text, [*found, *found.values()])):
        raise Problem(400, "errors.bad_request")
    return found


def _first(value: Any) -> str:
    return str(value[0] if isinstance(value, list) else value)


def check_token(request: Request, form: dict[str, str], token: str | None = None) -> None:
    """Refuse a form that was not made for the session that sends it: the cookie's, or `token`.

    Raises:
        Problem: 403.
    """
    try:
        made_for = _serializer(request).loads(form.get(TOKEN, ""))
    except BadSignature as error:
        raise Problem(403, "page.error.form_expired") from error
    session_token = read_token(request) if token is None else token
    if made_for != hashlib.sha256(session_token.encode()).hexdigest():
        raise Problem(403, "page.error.form_expired")


def _serializer(request: Request) -> URLSafeSerializer:
    return URLSafeSerializer(derive_key(request.app.ctx.front.settings.secret_key, "form"))
