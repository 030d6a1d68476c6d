"""What the sender's process does besides: it anchors the audit trail, does what is due of landing
and of hand-offs, makes messages of news, tells phones of delays, and clears what is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from bot.audit.anchor import FILE, write_anchor
from bot.chat.bell import Bell
from bot.handoff.ticking import tick
from bot.landing.due import do_due
from bot.messages.reconciling import ask_for_statuses, recover
from bot.messages.texting import TwilioText, choose_text
from bot.notices.reminders import remind
from bot.notifying.falling_back import fall_back
from bot.notifying.gathering import gather
from bot.phones.delayed import tell_of_delays
from bot.phones.received import take_in
from bot.retention.hourly import purge_hourly
from bot.settings import Settings
from bot.store import Database

ANCHOR_SECONDS = 60.0
LANDING_SECONDS = 60.0
# Half of a minute: what came while we were away is taken in well within 90 seconds.
ASKING_SECONDS = 30.0
NEWS_SECONDS = 15.0
REMINDER_SECONDS = 3600.0
HANDOFF_SECONDS = 2.0
DELAY_SECONDS = 10.0

log = structlog.get_logger()


async def upkeep(settings: Settings, database: Database) -> None:
    """All of it, for ever; cancel it to stop."""
    await asyncio.gather(
        _always(ANCHOR_SECONDS, write_anchor, database, settings.home / FILE),
        _always(LANDING_SECONDS, do_due, database),
        ask_twilio_always(settings, database),
        _always(NEWS_SECONDS, gather, database, settings.public_url),
        _always(NEWS_SECONDS, fall_back, database, settings.public_url),
        _always(REMINDER_SECONDS, remind, database),
        _always(HANDOFF_SECONDS, tick, database),
        _always(DELAY_SECONDS, tell_of_delays, database),
        purge_hourly(database),
    )


async def ask_twilio_always(settings: Settings, database: Database) -> None:
    """Take in texts that came while nobody was there, and learn what became of ours."""
    twilio, engine = choose_text(settings), Bell(settings.home, "engine")
    while twilio is not None:
        for work in (take_in_missed, ask_what_became):
            try:
                if await asyncio.to_thread(work, settings, database, twilio):
                    engine.ring()
            except Exception as error:
                log.error("sms.not_asked", exc_info=error)
        await asyncio.sleep(ASKING_SECONDS)


def take_in_missed(settings: Settings, database: Database, twilio: TwilioText) -> int:
    """How many texts were taken in that Twilio could not bring."""

    def take(session: Any, message: Any) -> None:
        take_in(
            session,
            settings,
            sid=message.sid,
            sender=message.from_,
            body=message.body or "",
            media=int(message.num_media or 0),
        )

    return recover(database, twilio, take)


def ask_what_became(_settings: Settings, database: Database, twilio: TwilioText) -> int:
    """How many of our messages were asked about."""
    return ask_for_statuses(database, twilio)


async def _always(seconds: float, act: Callable[..., Any], *given: Any) -> None:
    """Do it again and again, in a thread; a failure is logged, with where it was, and ends nothing:
    the next time tries again."""
    while True:
        try:
            await asyncio.to_thread(act, *given)
        except Exception as error:
            log.error("upkeep.not_done", exc_info=error)
        await asyncio.sleep(seconds)
