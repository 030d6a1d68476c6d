"""Messages of one channel on their way at the same time: a bounded number of them.

What has ended is noted, and what comes next is claimed, in one transaction: while it is written
more messages end, so the busier it is, the more each transaction holds. No more are claimed than
leave at once: a sender that dies leaves no others in doubt, and a code is behind few of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.chat.bell import Bell
from bot.store import Outbound

IDLE_SECONDS = 0.5


@dataclass(frozen=True)
class Ended:
    """A message that was taken, or not for this `error`."""

    message: Outbound
    error: Exception | None = None


# (to note, how many to claim) -> claimed
Turn = Callable[[list[Ended], int], Coroutine[Any, Any, "list[Outbound]"]]
Carry = Callable[[Outbound], Coroutine[Any, Any, "Ended | None"]]


class Lane:
    """`carry` brings one message on its way; None when that needs no note any more. What it or
    `turn` raises ends `run`."""

    def __init__(self, width: int, turn: Turn, carry: Carry, bell: Bell) -> None:
        self._width, self._turn, self._carry, self._bell = width, turn, carry, bell
        self._busy: set[asyncio.Task[Ended | None]] = set()

    async def run(self, stopping: Callable[[], bool]) -> None:
        """Until `stopping`; then nothing more is claimed, and what is on its way is noted."""
        while not stopping() or self._busy:
            ended = self._ended()
            room = 0 if stopping() else self._width - len(self._busy)
            claimed = await self._turn(ended, room) if ended or room else []
            self._busy |= {asyncio.ensure_future(self._carry(message)) for message in claimed}
            if self._busy or not stopping():
                await self._wait(is_idle=len(claimed) < room)

    def _ended(self) -> list[Ended]:
        done = {task for task in self._busy if task.done()}
        self._busy -= done
        return [ended for task in done if (ended := task.result()) is not None]

    async def _wait(self, is_idle: bool) -> None:
        """Until a message has ended; with room for more, also until there may be one."""
        rung = {asyncio.ensure_future(self._bell.wait(IDLE_SECONDS))} if is_idle else set()
        await asyncio.wait(self._busy | rung, return_when=asyncio.FIRST_COMPLETED)
        for task in rung:
            task.cancel()
