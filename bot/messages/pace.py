"""How fast messages may leave: a part a second from a long number of ours, as more piles up at
Twilio (error 30001); e-mails as many a second as their provider takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class Pace:
    """After a message of n parts the next one may leave n parts' time later. Who comes while
    another one waits is next."""

    def __init__(
        self,
        parts_per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._seconds = 1 / parts_per_second
        self._clock, self._sleep = clock, sleep
        self._free_at = clock()
        self._turn = asyncio.Lock()

    async def wait_for(self, parts: int) -> None:
        """Until a message of so many parts may leave."""
        async with self._turn:
            pause = self._free_at - self._clock()
            if pause > 0:
                await self._sleep(pause)
            self._free_at = self._clock() + parts * self._seconds
