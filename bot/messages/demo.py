"""The demo's mailbox instead of a mail server."""

from __future__ import annotations

from typing import Any

from bot.clock import now
from bot.store import DemoMail, Outbound


def deliver(session: Any, message: Outbound) -> None:
    """Put the message where /demo shows it."""
    session.add(
        DemoMail(
            reference=message.reference,
            channel=message.channel,
            recipient=message.recipient,
            subject=message.subject,
            text=message.text,
            at=now(),
        )
    )
