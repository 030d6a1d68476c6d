"""One listener for all open streams: it looks once, in two or three queries, and tells each stream
what changed for it.

The engine rings after every commit; without a ring it looks every half second, because a ring can
be lost, time passes, and with several machines the engine may be elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from bot.chat.bell import Bell
from bot.chat.pulse import Pulse, pulses
from bot.clock import now
from bot.handoff import Standing, standings
from bot.identity.sessions import SessionView, find_sessions
from bot.store import Database
from connectors.problems import Problem

log = structlog.get_logger()

LOOK_EVERY = 0.5
DELAYED_AFTER = timedelta(seconds=8)
MAX_STREAMS = 2_000
MAX_STREAMS_PER_SESSION = 8


@dataclass(frozen=True)
class State:
    """What a stream shows beside lines: `waiting`: something is unanswered; `delayed`: for so long
    that the engine must be away; `verified`: the person has proved who they are."""

    last_line: int
    waiting: bool
    delayed: bool
    verified: bool

    def flags(self) -> dict[str, bool]:
        return {"waiting": self.waiting, "delayed": self.delayed, "verified": self.verified}


@dataclass(frozen=True)
class ApplicantState(State):
    """And where they stand who asked for a person, left out when nobody did."""

    person: Standing | None = None

    def flags(self) -> dict[str, Any]:
        flags: dict[str, Any] = super().flags()
        return {**flags, "person": self.person.as_json()} if self.person else flags


class Watcher:
    """One open stream: `state` is what was seen last, `ended` that there is nothing to come."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.state: State | None = None
        self.ended = False
        self._news = asyncio.Event()

    def tell(self, state: State | None) -> None:
        """Take in what was seen; None: the session is over."""
        if state is None:
            self.ended = True
        if state is None or state != self.state:
            self.state = state or self.state
            self._news.set()

    async def wait(self, seconds: float) -> None:
        """Until something changes, at most `seconds`."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)
        self._news.clear()


class Hub:
    """All watchers of this process."""

    def __init__(
        self, database: Database, home: Path, capacity: int = MAX_STREAMS, bell: str = "front"
    ) -> None:
        self._database = database
        self._bell = Bell(home, bell)
        self._capacity = capacity
        self._watchers: set[Watcher] = set()
        self._closed = False

    @contextlib.contextmanager
    def watch(self, token: str) -> Iterator[Watcher]:
        """A watcher for the session of `token`.

        Raises:
            Problem: 503 when there are too many.
        """
        mine = sum(1 for watcher in self._watchers if watcher.token == token)
        if len(self._watchers) >= self._capacity or mine >= MAX_STREAMS_PER_SESSION:
            raise Problem(503, "page.error.busy", headers={"Retry-After": "10"})
        watcher = Watcher(token)
        self._watchers.add(watcher)
        self.poke()
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    def poke(self) -> None:
        """Look at once: this process has just written something."""
        self._bell.ring()

    async def run(self) -> None:
        """Look whenever the bell rings, until closed."""
        self._bell.listen(asyncio.get_running_loop())
        while not self._closed:
            await self._bell.wait(LOOK_EVERY)
            try:
                await self._look()
            except Exception as error:
                # The database may be away for a while; the streams stay open and catch up.
                log.warning("front.look_failed", kind=type(error).__name__)

    def close(self) -> None:
        """End all streams: the front is stopping."""
        self._closed = True
        for watcher in self._watchers:
            watcher.tell(None)
        self.poke()  # `run` does not wait for its next look

    async def _look(self) -> None:
        tokens = {watcher.token for watcher in self._watchers}
        if not tokens:
            return
        seen = await self._database.threads.read(self._read, tokens)
        for watcher in list(self._watchers):
            if watcher.token in tokens:
                watcher.tell(seen.get(watcher.token))

    def _read(self, tokens: set[str]) -> dict[str, State]:
        with self._database.read() as session:
            live = find_sessions(session, tokens)
            ids = {view.conversation_id for view in live.values()}
            found, asked = pulses(session, ids), standings(session, ids)
        return {
            token: _state(view, found[view.conversation_id], asked.get(view.conversation_id))
            for token, view in live.items()
        }


def _state(view: SessionView, pulse: Pulse, person: Standing | None) -> State:
    since = pulse.waiting_since
    return ApplicantState(
        last_line=pulse.last_line,
        waiting=since is not None,
        delayed=since is not None and now() - since > DELAYED_AFTER,
        verified=view.person_id is not None,
        person=person,
    )
