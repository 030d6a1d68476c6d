"""The two ways an e-mail leaves: an SMTP server, or GC Notify."""

from __future__ import annotations

import asyncio
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


class SmtpMail:
    """SMTP_URL: smtps:// for TLS from the start, smtp+starttls:// for TLS before anything is said,
    smtp://user:password@host:25 for a mail server on this machine."""

    def __init__(self, settings: Settings) -> None:
        self._url = urlsplit(settings.smtp_url)
        self._from = settings.mail_from

    async def send(self, message: Outbound) -> None:
        """Raises aiosmtplib.SMTPException or OSError when it was not accepted."""
        await aiosmtplib.send(
            self._compose(message),
            hostname=self._url.hostname,
            port=self._url.port,
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
            use_tls=self._url.scheme == "smtps",
            # True: not sent when it is not offered. None: used when it is offered.
            start_tls=True if self._url.scheme == "smtp+starttls" else None,
            timeout=TIMEOUT_SECONDS,
        )

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
    """GC Notify with one pass-through template that takes ((subject)) and ((text))."""

    def __init__(self, settings: Settings) -> None:
        self._template = settings.notify_template_id
        self._client = NotificationsAPIClient(
            settings.notify_api_key, base_url=settings.notify_base_url, timeout=TIMEOUT_SECONDS
        )

    async def send(self, message: Outbound) -> str | None:
        answer = await asyncio.to_thread(self._send, message)
        # Its description puts the answer into `data`, the service itself does not.
        made = answer.get("data", answer)
        return str(made["id"]) if "id" in made else None

    def _send(self, message: Outbound) -> Any:
        try:
            return self._client.send_email_notification(
                email_address=message.recipient,
                template_id=self._template,
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
        found = await asyncio.to_thread(
            self._client.get_all_notifications,
            template_type="email",
            reference=message.reference,
            include_jobs=False,
        )
        same = [
            n for n in found.get("notifications", []) if n.get("reference") == message.reference
        ]
        return str(same[0]["id"]) if same else None


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
