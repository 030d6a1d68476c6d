"""The two ways an e-mail leaves: an SMTP server, or GC Notify; both over connections that stay open
from one message to the next, as many as there are messages at the same time."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from bot.messages.ways import NotTaken, Unclear, Way
from bot.settings import Settings, check_mail
from bot.store import Outbound

TIMEOUT_SECONDS = 10
# A mail server may have closed what nobody used for longer: it is asked first.
FRESH_SECONDS = 1.0
# Servers end a connection that brings very many: ours ends before.
MOST_ON_ONE = 100


class Connection:
    """One connection to a mail server, for one message after another."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self._client = client
        self._sent = 0
        self._used_at = time.monotonic()

    @property
    def is_spent(self) -> bool:
        return self._sent >= MOST_ON_ONE

    async def is_alive(self) -> bool:
        """Whether the server still listens: what it does not hear cannot be in doubt later."""
        if time.monotonic() - self._used_at < FRESH_SECONDS and self._client.is_connected:
            return True
        try:
            await self._client.noop()
        except (aiosmtplib.SMTPException, OSError):
            self._client.close()
            return False
        return True

    async def send(self, mail: EmailMessage) -> None:
        """After an exception the connection is of no use any more."""
        try:
            await self._client.send_message(mail)
        except BaseException:
            self._client.close()
            raise
        self._sent, self._used_at = self._sent + 1, time.monotonic()

    async def end(self) -> None:
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await self._client.quit()


class SmtpMail:
    """SMTP_URL: smtps:// for TLS from the start, smtp+starttls:// for TLS before anything is said,
    smtp://user:password@host:25 for a mail server on this machine."""

    def __init__(self, settings: Settings) -> None:
        self._url = urlsplit(settings.smtp_url)
        self._from = settings.mail_from
        self._idle: list[Connection] = []

    async def send(self, message: Outbound) -> None:
        """Raises aiosmtplib.SMTPException or OSError when it was not accepted."""
        mail = self._compose(message)
        connection = await self._connection()
        await connection.send(mail)
        if connection.is_spent:
            await connection.end()
        else:
            self._idle.append(connection)

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().end()

    async def _connection(self) -> Connection:
        """The one used last that the server still keeps, or a new one."""
        while self._idle:
            connection = self._idle.pop()
            if await connection.is_alive():
                return connection
        client = aiosmtplib.SMTP(
            hostname=self._url.hostname,
            port=self._url.port,
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
            use_tls=self._url.scheme == "smtps",
            # True: not sent when it is not offered. None: used when it is offered.
            start_tls=True if self._url.scheme == "smtp+starttls" else None,
            timeout=TIMEOUT_SECONDS,
        )
        await client.connect()
        return Connection(client)

    def _compose(self, message: Outbound) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._from, message.recipient
        mail["Subject"] = message.subject
        # The same reference on every try, so that a mail host can drop a second copy.
        mail["Message-ID"] = f"<{message.reference}@passage>"
        mail.set_content(message.text)
        # Only now: set_content drops every Content- header that was there before.
        mail["Content-Language"] = message.language
        return mail


class NotifyMail:
    """GC Notify with one pass-through template that takes ((subject)) and ((text)). Its client is
    not for two threads at once, so each thread has one; the threads are its own, so that a slow
    answer holds up nobody else's work."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.mail_at_once, "notify")
        self._own = threading.local()

    async def send(self, message: Outbound) -> str | None:
        answer = await self._in_thread(self._send, message)
        # Its description puts the answer into `data`, the service itself does not.
        made = answer.get("data", answer)
        return str(made["id"]) if "id" in made else None

    async def close(self) -> None:
        self._threads.shutdown(wait=False)

    async def _in_thread(self, work: Callable[[Outbound], Any], message: Outbound) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, message)

    def _client(self) -> NotificationsAPIClient:
        if not hasattr(self._own, "client"):
            self._own.client = NotificationsAPIClient(
                self._settings.notify_api_key,
                base_url=self._settings.notify_base_url,
                timeout=TIMEOUT_SECONDS,
            )
        return self._own.client

    def _send(self, message: Outbound) -> Any:
        try:
            return self._client().send_email_notification(
                email_address=message.recipient,
                template_id=self._settings.notify_template_id,
                personalisation={"subject": message.subject, "text": message.text},
                reference=message.reference,
            )
        except HTTPError as error:
            status = error.response.status_code if error.response is not None else 0
            if 400 <= status < 500:
                raise NotTaken(f"HTTP {status}", wait=_retry_after(error)) from error
            raise Unclear(f"HTTP {status}" if status else "no answer") from error
        except Exception as error:  # taken, and an answer that cannot be read
            raise Unclear(type(error).__name__) from error

    async def find(self, message: Outbound, known: frozenset[str]) -> str | None:
        """By our reference, which no other message has. Raises HTTPError."""
        found = await self._in_thread(self._list, message)
        same = [
            n for n in found.get("notifications", []) if n.get("reference") == message.reference
        ]
        return str(same[0]["id"]) if same else None

    def _list(self, message: Outbound) -> Any:
        return self._client().get_all_notifications(
            template_type="email", reference=message.reference, include_jobs=False
        )


def _retry_after(error: HTTPError) -> float | None:
    value = error.response.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None


def choose_mail(settings: Settings) -> Way | None:
    """GC Notify when its key is set, else SMTP when its address is set, else the demo's mailbox."""
    check_mail(settings)
    if settings.notify_api_key:
        return NotifyMail(settings)
    if settings.smtp_url:
        return SmtpMail(settings)
    return None
