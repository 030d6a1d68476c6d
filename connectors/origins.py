"""Where a changing request may come from.

The rule, for every POST:

* `Origin` names us -> taken; names anybody else -> refused.
* no `Origin`, or `null` (which browsers send with our own forms, because our pages ask for no
  referrer): `Sec-Fetch-Site` decides; it must say `same-origin`.
* neither header: not a browser of this decade, so no site can have forged it. Taken, except with
  the embedded chat's cookie, the one cookie that travels to us from other sites' pages.

Beside this stand SameSite=Strict, the JSON content type (which no other site can send without
asking first, and nobody is told yes) and, in plain forms, a token.
The Host header is never asked: it is whatever the client wrote.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic.request import Request

from connectors.cookies import is_embedded
from connectors.problems import Problem

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def own_origins(public_url: str) -> frozenset[str]:
    """The origin of `public_url`; on the machine itself, under each of its names."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    names = _LOOPBACK if shown in _LOOPBACK else (shown,)
    return frozenset(f"{parts.scheme}://{name}{port}" for name in names)


def check_origin(request: Request) -> None:
    """Refuse a request that another site's page made.

    Raises:
        Problem: 403.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if origin not in (None, "null"):
        good = origin in request.app.ctx.front.origins
    elif site is not None:
        good = site == "same-origin"
    else:
        good = origin is None and not is_embedded(request)
    if not good:
        raise Problem(403, "errors.wrong_origin")
