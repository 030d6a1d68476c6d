"""Which of the two languages a request is answered in."""

from __future__ import annotations

from sanic.request import Request

from bot.texts import LANGUAGES


def language_of(request: Request) -> str:
    """The conversation's language when it is known, else the page's, else the browser's."""
    known = getattr(request.ctx, "language", None)
    first = request.path.split("/")[1] if "/" in request.path else ""
    return known or (first if first in LANGUAGES else preferred(request))


def preferred(request: Request) -> str:
    """The one of our languages that Accept-Language names first; English when it names none."""
    header: str = request.headers.get("accept-language", "")
    ranked = sorted((_weighed(part) for part in header.split(",")), key=lambda pair: -pair[1])
    return next((name for name, weight in ranked if weight > 0 and name in LANGUAGES), "en")


def other(language: str) -> str:
    return "fr" if language == "en" else "en"


def _weighed(part: str) -> tuple[str, float]:
    tag, _, quality = part.partition(";q=")
    try:
        weight = float(quality) if quality else 1.0
    except ValueError:
        weight = 0.0
    return tag.strip()[:2].lower(), weight
