"""Readers and writers of an event loop are apart; what was bound for the log goes along."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from threading import Event

import pytest

from bot.store.threads import POSTGRES_WRITERS, Threads

PATIENCE_SECONDS = 30
_bound: ContextVar[str] = ContextVar("bound", default="")


@pytest.mark.parametrize("sqlite", [True, False])
async def test_who_reads_waits_for_no_writer(sqlite: bool) -> None:
    threads, gate = Threads(sqlite), Event()
    writers = [
        asyncio.ensure_future(threads.write(gate.wait, 2 * PATIENCE_SECONDS))
        for _ in range(POSTGRES_WRITERS * 2)
    ]
    try:
        assert await asyncio.wait_for(threads.read(lambda: "read"), PATIENCE_SECONDS) == "read"
        assert not any(writer.done() for writer in writers)
    finally:
        gate.set()
    assert all(await asyncio.gather(*writers))
    threads.close()


async def test_what_was_bound_goes_along() -> None:
    threads = Threads(sqlite=True)
    _bound.set("this call")
    assert await threads.read(_bound.get) == "this call"
    assert await threads.write(_bound.get) == "this call"
    threads.close()


async def test_an_error_comes_back() -> None:
    threads = Threads(sqlite=True)
    with pytest.raises(ZeroDivisionError):
        await threads.write(lambda: 1 / 0)
    threads.close()
