"""The threads in which an event loop asks the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")

# SQLite waits for nothing but the disk and Python's own lock, which each thread gives up and takes
# back at every statement: with six of them a claim of the desk waited three times as long for it
# (p95 of 200 agents before 2,000 who wait: 112 to 235 ms; with these three 37 to 39 ms). Writers
# wait for each other anyway.
SQLITE_READERS, SQLITE_WRITERS = 2, 1
# With PostgreSQL a writer waits for the server, so a second one has something to do; with six the
# slowest hundredth of texts was taken in after 92 to 123 ms, with two after 54 (same slow hour).
POSTGRES_READERS, POSTGRES_WRITERS = 2, 2


class Threads:
    """Readers and writers apart: whoever waits for another process's long write keeps no reader
    waiting. Threads are started when they are needed."""

    def __init__(self, sqlite: bool) -> None:
        readers = SQLITE_READERS if sqlite else POSTGRES_READERS
        writers = SQLITE_WRITERS if sqlite else POSTGRES_WRITERS
        self._readers = ThreadPoolExecutor(readers, "reader")
        self._writers = ThreadPoolExecutor(writers, "writer")

    async def read(self, work: Callable[..., T], *given: object) -> T:
        """Run `work(*given)`, which only reads, off the event loop."""
        return await _run(self._readers, work, given)

    async def write(self, work: Callable[..., T], *given: object) -> T:
        """Run `work(*given)`, which writes, off the event loop."""
        return await _run(self._writers, work, given)

    def close(self) -> None:
        """Wait for what is under way."""
        self._readers.shutdown()
        self._writers.shutdown()


async def _run(pool: ThreadPoolExecutor, work: Callable[..., T], given: tuple[object, ...]) -> T:
    """As asyncio.to_thread, which knows one pool only: what is logged there keeps its context."""
    context = copy_context()
    return await asyncio.get_running_loop().run_in_executor(pool, context.run, work, *given)
