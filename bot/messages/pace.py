"""One part a second: what a long number of ours may send; more piles up at Twilio (error 30001)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class Pace:
    """After a message of n parts the next one may leave n parts' time later."""

    def __init__(
        self,
        parts_per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._seconds = 1 / parts_per_second
        self._clock, self._sleep = clock, sleep
        self._free_at = clock()

    async def wait_for(self, parts: int) -> None:
        """Until a message of so many parts may leave."""
        pause = self._free_at - self._clock()
        if pause > 0:
            await self._sleep(pause)
        self._free_at = self._clock() + parts * self._seconds
