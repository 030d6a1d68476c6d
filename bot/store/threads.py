"""The threads in which an event loop asks the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")

# Each statement gives up Python's own lock and takes it back: more threads are slower. Before there
# were six, for both: p95 of a claim of 200 agents before 2,000 who wait was 77 to 278 ms on SQLite
# (31 to 62 now, once 152); p99 of a text taken in was 92 to 123 ms on PostgreSQL with six of each
# (54 now, in the same slow hour).
READERS = 2
# Writers of SQLite wait for each other; a writer of PostgreSQL waits for the server.
SQLITE_WRITERS, POSTGRES_WRITERS = 1, 2


class Threads:
    """Readers and writers apart: whoever waits for another process's long write keeps no reader
    waiting. Threads are started when they are needed."""

    def __init__(self, sqlite: bool) -> None:
        writers = SQLITE_WRITERS if sqlite else POSTGRES_WRITERS
        self._readers = ThreadPoolExecutor(READERS, "reader")
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
