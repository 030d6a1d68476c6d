"""Beside the sender, the trail is anchored again and again, and a failure ends neither."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import upkeep
from bot.audit.anchor import FILE
from bot.settings import Settings
from bot.store import Database
from tests.bot.audit.trails import findings, grow, remove_head


def count(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


async def until(path: Path, lines: int) -> None:
    while count(path) < lines:
        await asyncio.sleep(0.01)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "ANCHOR_SECONDS", 0.02)


async def test_a_line_is_written_whenever_the_trail_has_grown(
    settings: Settings, database: Database, quick: None
) -> None:
    path = settings.home / FILE
    grow(database, 2)
    task = asyncio.create_task(upkeep.upkeep(settings, database))
    await asyncio.wait_for(until(path, 1), 5)
    await asyncio.sleep(0.1)
    assert count(path) == 1, "it had not grown"
    grow(database, 1)
    await asyncio.wait_for(until(path, 2), 5)
    task.cancel()
    assert findings(database, path) == []


async def test_a_trail_that_cannot_be_anchored_ends_nothing(
    settings: Settings, database: Database, quick: None
) -> None:
    grow(database, 1)
    remove_head(database)
    task = asyncio.create_task(upkeep.upkeep(settings, database))
    await asyncio.sleep(0.2)
    assert not task.done()
    task.cancel()
