"""The headers that every answer carries."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import BaseHTTPResponse

# The one style that the GC Design System's components put into the page themselves (it hides them
# until they are drawn). Changes with their version; the browser tests fail on any CSP report.
GCDS_STYLE = "'sha256-cQUN0Mzu0Lgb8rMs8J0WogUMBejyHI/K2/alYj672vo='"

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
}


def add_headers(request: Request, response: BaseHTTPResponse) -> None:
    """Response middleware. A handler that already set one of these headers knows better."""
    settings = request.app.ctx.front.settings
    headers: Any = response.headers
    for name, value in _FIXED.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", policy(_framers(request)))
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-store")
    if settings.secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def policy(framers: str) -> str:
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' {GCDS_STYLE}; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {framers}"
    )


def _framers(request: Request) -> str:
    """Who may show this in a frame: the embedded chat's page, the listed sites; else nobody."""
    origins = request.app.ctx.front.settings.embed_origins
    embed = request.path in ("/en/embed", "/fr/embed")
    return " ".join(origins) if embed and origins else "'none'"
