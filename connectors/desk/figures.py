"""Figures for the centre: the page with its charts, the same tables as a file, and metrics."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, raw, text

from bot.clock import now
from bot.figures import PERIODS, Figures, figures, metrics, sheet, tables
from bot.figures.rules import rules
from bot.texts import say
from bot.texts.dates import long_date
from connectors.desk.pages import show
from connectors.desk.routing import page, reading, who
from connectors.languages import language_of, other
from connectors.problems import Problem

USUAL = 30
# Ninety days are many rows, and a conversation counts half an hour after its last word at the
# soonest: whoever looks again within this time sees the same.
FRESH = timedelta(minutes=5)
METRICS = "text/plain; version=0.0.4; charset=utf-8"


async def figures_page(request: Request) -> HTTPResponse:
    """GET /en/figures?days=…"""
    days, language = _days(request), language_of(request)
    found = await _figures(request, days)
    return show(
        request,
        "figures.html",
        found=found,
        tables=tables(found, language),
        days=days,
        periods=PERIODS,
        since=long_date(language, found.since),
        until=long_date(language, found.until),
        rules=rules(),
        percent=_percent(language, found.whole.solved, found.whole.total),
        late=_percent(language, found.broken, found.handoffs),
        other_path=f"/{other(language)}/figures?days={days}",
    )


async def figures_file(request: Request) -> HTTPResponse:
    """GET /en/figures/csv?days=…"""
    days = _days(request)
    found = await _figures(request, days)
    name = f"passage-{found.since}-{found.until}.csv"
    return text(
        sheet(tables(found, language_of(request))),
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
        content_type="text/csv; charset=utf-8",
    )


async def metrics_page(request: Request) -> HTTPResponse:
    """GET /metrics: to whoever has the token of the settings, and to signed-in supervisors."""
    if not _has_token(request):
        me = await who(request)
        if me is None:
            raise Problem(401, "desk.error.signed_out")
        if not me.may("supervise"):
            raise Problem(403, "desk.error.role")
    return raw(await reading(request, metrics), content_type=METRICS)


def _has_token(request: Request) -> bool:
    wanted = request.app.ctx.front.settings.metrics_token
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(wanted) and hmac.compare_digest(sent.encode(), wanted.encode())


def _days(request: Request) -> int:
    wanted = request.args.get("days", str(USUAL))
    if wanted not in {str(one) for one in PERIODS}:
        raise Problem(404, "errors.not_found")
    return int(wanted)


async def _figures(request: Request, days: int) -> Figures:
    kept: dict[int, tuple[datetime, Figures]] = _kept(request.app)
    at, found = kept.get(days, (None, None))
    if at is None or found is None or now() - at > FRESH:
        found = await reading(request, lambda session: figures(session, days))
        kept[days] = (now(), found)
    return found


def _kept(app: Any) -> dict[int, tuple[datetime, Figures]]:
    if not hasattr(app.ctx, "figures"):
        app.ctx.figures = {}
    found: dict[int, tuple[datetime, Figures]] = app.ctx.figures
    return found


def _percent(language: str, part: int, whole: int) -> str:
    """Too few stand for nothing, as in the tables."""
    if whole < rules().few:
        return say(language, "figures.few_whole")
    return say(language, "figures.percent", share=round(100 * part / whole))


ROUTES = (
    page("/figures", figures_page, "supervise"),
    page("/figures/csv", figures_file, "supervise"),
)
