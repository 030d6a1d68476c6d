"""Sends what is queued, from a process of its own: a slow mail host slows nobody's conversation.

Each message is tried with growing pauses for about four hours, then marked failed. What the person
sees in the chat is the same whatever happens here (bot/identity/codes.py).
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import select, update

from bot.chat.bell import Bell
from bot.clock import now
from bot.logs import configure_logs
from bot.messages import demo
from bot.messages.mail import NotifyMail, SmtpMail
from bot.opening import open_database
from bot.settings import Settings, check_mail
from bot.store import Database, Heartbeat, Outbound

MAX_TRIES = 24
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
IDLE_SECONDS = 0.5
# A sender that died gives its message back after this; longer than any mail host's time-out.
LEASE = timedelta(seconds=60)

log = structlog.get_logger()


class Mail(Protocol):
    """A way to send one e-mail; raises when it was not accepted."""

    async def send(self, message: Outbound) -> None: ...


class Sender:
    """One loop, one message at a time, until `stop()`."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database = database
        self._mail = choose_mail(settings)
        self._bell = Bell(settings.home, "sender")
        self._stopping = False

    def stop(self) -> None:
        self._stopping = True

    async def run(self) -> None:
        self._bell.listen(asyncio.get_running_loop())
        while not self._stopping:
            if not await self.send_next():
                await self._bell.wait(IDLE_SECONDS)

    async def send_next(self) -> bool:
        """Send the oldest due message; False when there is none."""
        message = await asyncio.to_thread(self._next)
        if message is None:
            return False
        if message.useless_after is not None and message.useless_after < now():
            await asyncio.to_thread(self._drop, message)
            return True
        try:
            if self._mail is not None and message.recipient:
                await self._mail.send(message)
        except Exception as error:
            log.warning("mail.refused", message=message.id, tries=message.tries + 1, exc_info=error)
            await asyncio.to_thread(self._put_back, message)
        else:
            await asyncio.to_thread(self._sent, message)
        return True

    def _next(self) -> Any:
        """The oldest due message, leased: nobody else takes it before LEASE is over."""
        with self._database.write() as session:
            message = session.scalars(
                select(Outbound)
                .where(Outbound.state == "queued", Outbound.due_at <= now())
                .order_by(Outbound.id)
                .limit(1)
            ).first()
            if message is None or not _lease(session, message):
                return None
            return message

    def _sent(self, message: Outbound) -> None:
        with self._database.write() as session:
            if self._mail is None and message.recipient:
                demo.deliver(session, message)
            # The text may hold a code: it is not kept once it is out.
            _close(session, message, state="sent", sent_at=now(), text="")
            session.merge(Heartbeat(name="sender", at=now(), process=os.getpid()))

    def _drop(self, message: Outbound) -> None:
        """Too late to be of use, as a code that has expired."""
        with self._database.write() as session:
            _close(session, message, state="failed", text="")

    def _put_back(self, message: Outbound) -> None:
        tries = message.tries + 1
        pause = min(FIRST_PAUSE * 2**tries, LONGEST_PAUSE)
        values = {"tries": tries, "due_at": now() + pause}
        if tries >= MAX_TRIES:
            values |= {"state": "failed", "text": ""}
        with self._database.write() as session:
            _close(session, message, **values)


def _lease(session: Any, message: Outbound) -> bool:
    leased = session.execute(
        update(Outbound)
        .where(Outbound.id == message.id, Outbound.due_at == message.due_at)
        .values(due_at=now() + LEASE)
        .execution_options(synchronize_session=False)
    )
    return bool(leased.rowcount == 1)


def _close(session: Any, message: Outbound, **values: Any) -> None:
    session.execute(update(Outbound).where(Outbound.id == message.id).values(**values))


def choose_mail(settings: Settings) -> Mail | None:
    """GC Notify when its key is set, else SMTP when its address is set, else the demo's mailbox."""
    check_mail(settings)
    if settings.notify_api_key:
        return NotifyMail(settings)
    if settings.smtp_url:
        return SmtpMail(settings)
    return None


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
