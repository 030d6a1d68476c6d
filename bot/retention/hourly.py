"""The running service purges by itself, once an hour."""

from __future__ import annotations

import asyncio

import structlog

from bot.clock import now
from bot.retention.purge import purge_steps
from bot.store import Database

# Not at once: a service that starts has more urgent work.
FIRST_SECONDS = 60.0
EVERY_SECONDS = 3_600.0
# Between two batches everybody else may write.
BREATH_SECONDS = 0.05

log = structlog.get_logger()


async def purge_hourly(database: Database) -> None:
    """Purge for ever; cancel it to stop, which waits for no more than the batch at hand."""
    await asyncio.sleep(FIRST_SECONDS)
    while True:
        try:
            await _purge(database)
        except Exception as error:
            # The database may be away for a while; what is due stays due.
            log.error("purge.failed", exc_info=error)
        await asyncio.sleep(EVERY_SECONDS)


async def _purge(database: Database) -> None:
    steps = purge_steps(database, now())
    while await asyncio.to_thread(next, steps, None) is not None:
        await asyncio.sleep(BREATH_SECONDS)
