"""Guards of what is kept and logged (bot/store, bot/chat/hiding.py, bot/logs.py)."""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager
from typing import Any

import structlog

from bot import logs
from bot.chat import hiding
from bot.privacy.details import Hidden
from bot.store import Keys
from tests.campaigns.without import instead

Without = AbstractContextManager[Any]


def sealing() -> Without:
    """Columns that are sealed are written as they are."""

    def seal(self: Keys, value: bytes, _context: str) -> bytes:
        return self.id + bytes(12) + value

    def unseal(_self: Keys, sealed: bytes, _context: str) -> bytes:
        return bytes(sealed[16:])

    return instead((Keys, "seal", seal), (Keys, "open", unseal))


def hiding_details() -> Without:
    """What is typed is kept as it was typed."""
    return instead((hiding, "hide", lambda text, *_: Hidden(text, ())))


def allowed_keys() -> Without:
    """Logs hold whatever libraries and our own events have to say."""

    def everything(_process: str) -> None:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, force=True)
        structlog.configure(
            processors=[
                structlog.processors.format_exc_info,
                structlog.processors.KeyValueRenderer(),
            ],
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        )

    return instead((logs, "configure_logs", everything))
