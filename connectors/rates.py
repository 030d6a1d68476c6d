"""How often one session and one address may do what, counted over the last minute.

Counted here and not with `limits` 2.4.0: its moving window in memory starts a thread that walks
over every stored call on each call, and it tells a wrong time to wait (the newest call's, not the
oldest's). With several fronts each counts for itself.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from sanic.request import Request

from connectors.cookies import read_token
from connectors.problems import Problem

WINDOW = 60.0


@dataclass(frozen=True)
class Rates:
    """Calls a minute. Many people share one address (libraries, phone networks): the limits by
    address only stop a flood."""

    messages_per_session: int = 20
    messages_per_address: int = 60
    # One form of landing is several requests: checked, sent, confirmed.
    forms_per_session: int = 40
    forms_per_address: int = 120
    conversations_per_address: int = 20
    not_me_per_address: int = 10


class Limiter:
    """The calls of the last minute, by what is counted."""

    def __init__(self, rates: Rates, clock: Callable[[], float] = time.monotonic) -> None:
        self.rates = rates
        self._clock = clock
        self._calls: dict[tuple[str, str], deque[float]] = {}
        self._swept = clock()

    def hit(self, per_minute: int, kind: str, who: str) -> None:
        """Count one call.

        Raises:
            Problem: 429 with how long to wait.
        """
        moment = self._clock()
        self._sweep(moment)
        calls = self._calls.setdefault((kind, who), deque())
        while calls and calls[0] <= moment - WINDOW:
            calls.popleft()
        if len(calls) >= per_minute:
            raise _too_fast(math.ceil(calls[0] + WINDOW - moment))
        calls.append(moment)

    def _sweep(self, moment: float) -> None:
        """Once a minute, forget everybody who was quiet for a minute."""
        if moment - self._swept < WINDOW:
            return
        self._swept = moment
        old = [key for key, calls in self._calls.items() if calls[-1] <= moment - WINDOW]
        for key in old:
            del self._calls[key]


def _too_fast(seconds: int) -> Problem:
    return Problem(
        429,
        "errors.too_fast",
        headers={"Retry-After": str(seconds)},
        extra={"seconds": seconds},
        seconds=seconds,
    )


def limit_messages(request: Request) -> None:
    limiter: Limiter = request.app.ctx.front.limiter
    limiter.hit(limiter.rates.messages_per_address, "message", address_of(request))
    limiter.hit(limiter.rates.messages_per_session, "session", read_token(request))


def limit_forms(request: Request) -> None:
    """The forms of landing are counted beside what is written: a parent who goes through them for
    several children does both."""
    limiter: Limiter = request.app.ctx.front.limiter
    limiter.hit(limiter.rates.forms_per_address, "form", address_of(request))
    limiter.hit(limiter.rates.forms_per_session, "form session", read_token(request))


def limit_conversations(request: Request) -> None:
    limiter: Limiter = request.app.ctx.front.limiter
    limiter.hit(limiter.rates.conversations_per_address, "conversation", address_of(request))


def limit_not_me(request: Request) -> None:
    limiter: Limiter = request.app.ctx.front.limiter
    limiter.hit(limiter.rates.not_me_per_address, "not_me", address_of(request))


def address_of(request: Request) -> str:
    """Who calls. What the client itself says about it counts only behind our own proxies."""
    if request.app.ctx.front.settings.proxies > 0:
        return request.remote_addr or request.ip
    return str(request.ip)
