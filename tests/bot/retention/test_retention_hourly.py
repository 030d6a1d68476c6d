"""The running service purges every hour, goes on after a failure, and stops when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.clock import now
from bot.retention import hourly
from bot.retention.hourly import purge_hourly
from bot.store import Conversation, Database
from tests.bot.retention.leftovers import add_talk, snapshot


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hourly, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(hourly, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(hourly, "BREATH_SECONDS", 0.0)


@contextlib.asynccontextmanager
async def running(database: Database) -> AsyncIterator[Any]:
    task = asyncio.create_task(purge_hourly(database))
    yield task
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if await asyncio.to_thread(is_so):
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


def add_old_talk(database: Database) -> None:
    with database.write() as session:
        add_talk(session)
        session.execute(update(Conversation).values(last_at=now() - timedelta(days=100)))


def is_empty(database: Database) -> bool:
    return snapshot(database)["conversation"] == 0


async def test_what_becomes_due_is_gone_an_hour_later(database: Database) -> None:
    async with running(database):
        for _ in range(2):
            await asyncio.to_thread(add_old_talk, database)
            await until(lambda: is_empty(database))


async def test_a_failure_does_not_end_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def broken(*_: Any) -> Any:
        tried.append(1)
        if len(tried) < 3:
            raise OSError("the database is away")
        return real(*_)

    real = hourly.purge_steps
    monkeypatch.setattr(hourly, "purge_steps", broken)
    add_old_talk(database)
    async with running(database) as task:
        await until(lambda: is_empty(database))
        assert not task.done()
    assert len(tried) >= 3


async def test_it_waits_before_the_first_and_between(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise asyncio.CancelledError

    monkeypatch.setattr(hourly, "FIRST_SECONDS", 60.0)
    monkeypatch.setattr(hourly, "EVERY_SECONDS", 3_600.0)
    monkeypatch.setattr(hourly.asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await purge_hourly(database)
    assert slept == [60.0, 3_600.0, 3_600.0]
