"""Sends what is queued, from a process of its own: a slow provider slows nobody's conversation.

E-mail and text messages go beside each other, a few e-mails at the same time and one text after
another. A message is tried with growing pauses for about four hours, then given up (`python -m bot
outbox` shows it). Before it is sent again after a try of which nobody knows the end, the provider
is asked. What the person sees in the chat is the same whatever happens here
(bot/identity/codes.py).
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.chat.bell import Bell
from bot.clock import now
from bot.logs import configure_logs
from bot.messages import demo, marking
from bot.messages.budgets import Budgets
from bot.messages.claiming import LEASE, claim
from bot.messages.lane import Ended, Lane
from bot.messages.mail import choose_mail
from bot.messages.outbox import KEYWORD
from bot.messages.pace import Pace
from bot.messages.pauses import FIRST_PAUSE, LONGEST_PAUSE, MAX_TRIES
from bot.messages.texting import choose_text
from bot.messages.ways import Asked, Closed, Unclear, Way
from bot.opening import open_database
from bot.settings import Settings
from bot.store import Database, Heartbeat, Outbound, Phone
from bot.store.upsert import upsert

__all__ = ["FIRST_PAUSE", "LEASE", "LONGEST_PAUSE", "MAX_TRIES", "Sender", "run_sender"]

CHANNELS = ("email", "sms")
MOST_WAIT_SECONDS = 10
# A provider that cannot be asked is asked this often; then the message goes out: rather twice
# than never.
ASKED = 3
# The database does not answer, or nobody else lets go of it for as long as one waits.
AWAY = (OperationalError, InterfaceError, PoolTimeout)
AWAY_SECONDS = 0.5

log = structlog.get_logger()


class Sender:
    """A lane for each channel, until `stop()`."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database = database
        self._mail: Way | None = choose_mail(settings)
        self._text: Way | None = choose_text(settings)
        self._budgets = Budgets(settings)
        self._paces = {
            "email": Pace(settings.mail_per_second),
            "sms": Pace(settings.sms_parts_per_second),
        }
        # Texts leave one after another: their order counts, and so does the pace of one number.
        self._widths = {"email": _width(settings), "sms": 1}
        self._bell = Bell(settings.home, "sender")
        self._stopping = False
        # Without an account nothing is texted; the demo shows it in its mailbox.
        self._channels = CHANNELS if self._text or settings.demo else ("email",)

    def stop(self) -> None:
        self._stopping = True

    async def run(self) -> None:
        self._bell.listen(asyncio.get_running_loop())
        try:
            await asyncio.gather(*map(self._run, self._channels))
        finally:
            if isinstance(self._mail, Closed):
                await self._mail.close()

    async def _run(self, channel: str) -> None:
        turn = partial(self._in_database, self._turn, (channel,))
        lane = Lane(self._widths[channel], turn, self._carry, self._bell)
        await lane.run(lambda: self._stopping)

    async def send_next(self, channels: tuple[str, ...] | None = None) -> bool:
        """Send the next due message of these channels (all); False when there is none."""
        chosen = channels or self._channels
        for message in await self._in_database(self._turn, chosen, [], 1):
            ended = await self._carry(message)
            if ended is not None:
                await self._in_database(self._turn, chosen, [ended], 0)
            return True
        return False

    async def _in_database(self, work: Callable[..., Any], *given: Any) -> Any:
        """Do it in a thread, and again while the database is away or others are writing: nothing
        of it was done then, and who ended here would not know any more what it has sent."""
        while True:
            try:
                return await asyncio.to_thread(work, *given)
            except AWAY as error:
                log.warning("sender.database_away", kind=type(error).__name__)
                await asyncio.sleep(AWAY_SECONDS)

    def _turn(self, channels: tuple[str, ...], ended: list[Ended], room: int) -> list[Outbound]:
        """Note what has ended and claim at most `room` more, in one transaction."""
        with self._database.write() as session:
            for each in ended:
                self._note(session, each)
            if ended:
                _beat(session)
            return claim(session, channels, room)

    async def _carry(self, message: Outbound) -> Ended | None:
        """Bring a message on its way; None when something of ours was against it."""
        if not await self._in_database(self._may_leave, message):
            return None
        try:
            message.provider_id = await self._send(message)
        except Exception as error:
            # An exception of ours is what a provider said, not a fault.
            kind = type(error).__name__
            log.warning("message.not_sent", message=message.id, tries=message.tries + 1, kind=kind)
            return Ended(message, error)
        return Ended(message)

    async def _send(self, message: Outbound) -> str | None:
        """The provider's id, from a try before if it took that one."""
        way = self._mail if message.channel == "email" else self._text
        if way is None or not message.recipient:
            return None
        if message.attempted_at is not None and isinstance(way, Asked):
            found = await self._find(way, message)
            if found is not None:
                return found
        await self._paces[message.channel].wait_for(message.parts or 1)
        if message.channel == "sms":
            self._budgets.sent()
        return await way.send(message)

    async def _find(self, way: Asked, message: Outbound) -> str | None:
        known = await self._in_database(self._known, message)
        try:
            return await way.find(message, known)
        except Exception:
            if message.tries < ASKED:
                raise Unclear("cannot be asked") from None
            return None

    def _may_leave(self, message: Outbound) -> bool:
        """True when nothing of ours is against it; else it is put away."""
        late = message.useless_after is not None and message.useless_after < now()
        if not late and message.channel == "email":
            return True
        with self._database.write() as session:
            if late:
                marking.give_up(session, message, marking.LATE)
            elif _is_unwanted(session, message):
                marking.drop(session, message)
            else:
                return self._is_within_budget(session, message)
        return False

    def _is_within_budget(self, session: Any, message: Outbound) -> bool:
        verdict = self._budgets.of(session, message)
        if verdict.refused:
            marking.give_up(session, message, marking.BUDGET)
        elif verdict.wait is not None:
            marking.postpone(session, message, verdict.wait)
        else:
            message.text = verdict.text
            return True
        log.warning("sms.over_budget", message=message.id)
        return False

    def _known(self, message: Outbound) -> frozenset[str]:
        """The provider's ids of other messages to the same phone; of an e-mail it is not asked."""
        if message.phone_id is None:
            return frozenset()
        same = (Outbound.phone_id == message.phone_id, Outbound.provider_id.is_not(None))
        with self._database.read() as session:
            return frozenset(session.scalars(select(Outbound.provider_id).where(*same)))

    def _note(self, session: Any, ended: Ended) -> None:
        message = ended.message
        if ended.error is not None:
            marking.mark_not_sent(session, message, ended.error)
            return
        way = self._mail if message.channel == "email" else self._text
        if way is None and message.recipient:
            demo.deliver(session, message)
        marking.mark_sent(session, message, message.provider_id)


def _width(settings: Settings) -> int:
    """How many e-mails at the same time: none waits for the pace for a good part of its lease."""
    return min(settings.mail_at_once, settings.mail_per_second * MOST_WAIT_SECONDS)


def _beat(session: Any) -> None:
    beat = {"name": "sender", "at": now(), "process": os.getpid()}
    kept = upsert(session, Heartbeat).values(**beat)
    session.execute(kept.on_conflict_do_update(index_elements=["name"], set_=beat))


def _is_unwanted(session: Any, message: Outbound) -> bool:
    if message.phone_id is None or message.event == KEYWORD:
        return False
    phone = session.get(Phone, message.phone_id)
    return phone is not None and phone.stopped_at is not None


Beside = Callable[[Settings, Database], Coroutine[Any, Any, None]]


def run_sender(settings: Settings, beside: Beside) -> None:
    """Send until SIGTERM or SIGINT; `beside` runs in the same process for as long."""
    configure_logs("sender")
    database = open_database(settings)
    asyncio.run(_serve(Sender(settings, database), beside(settings, database)))
    database.close()


async def _serve(sender: Sender, beside: Coroutine[Any, Any, None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, sender.stop)
    task = loop.create_task(beside)
    try:
        await sender.run()
    finally:
        task.cancel()
