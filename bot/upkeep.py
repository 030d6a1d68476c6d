"""What the sender's process does besides: it anchors the audit trail, does what is due of landing
and of hand-offs, and clears what is over."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from bot.audit.anchor import FILE, write_anchor
from bot.handoff.ticking import tick
from bot.landing.due import do_due
from bot.retention.hourly import purge_hourly
from bot.settings import Settings
from bot.store import Database

ANCHOR_SECONDS = 60.0
LANDING_SECONDS = 60.0
HANDOFF_SECONDS = 2.0

log = structlog.get_logger()


async def upkeep(settings: Settings, database: Database) -> None:
    """All of it, for ever; cancel it to stop."""
    await asyncio.gather(
        anchor_always(database, settings.home / FILE),
        land_always(database),
        tick_always(database),
        purge_hourly(database),
    )


async def land_always(database: Database) -> None:
    """Once a minute: invitations, addresses that were held, cards, reminders."""
    while True:
        try:
            await asyncio.to_thread(do_due, database)
        except Exception as error:
            log.error("landing.not_done", exc_info=error)
        await asyncio.sleep(LANDING_SECONDS)


async def tick_always(database: Database) -> None:
    """Every two seconds: targets of the agents' desk, and what an agent who is gone held."""
    while True:
        try:
            await asyncio.to_thread(tick, database)
        except Exception as error:
            log.error("handoff.not_done", exc_info=error)
        await asyncio.sleep(HANDOFF_SECONDS)


async def anchor_always(database: Database, path: Path) -> None:
    """Write down once a minute where the audit trail ends. That it cannot be done stops nothing;
    it is tried again."""
    while True:
        try:
            await asyncio.to_thread(write_anchor, database, path)
        except Exception as error:
            log.error("audit.not_anchored", exc_info=error)
        await asyncio.sleep(ANCHOR_SECONDS)
