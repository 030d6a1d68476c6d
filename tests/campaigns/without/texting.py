"""Guards of text messages and of sending (bot/phones, bot/messages, connectors/sms)."""

from __future__ import annotations

import re
import secrets
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from twilio.request_validator import RequestValidator

from bot.clock import now
from bot.messages import reconciling, sender, statuses
from bot.messages.sender import Sender
from bot.phones import received
from bot.store import Participant, Phone, PhoneLink, SmsReceived, keys_of
from tests.campaigns.without import instead

Without = AbstractContextManager[Any]


def signature() -> Without:
    """Any signature is one."""
    return instead((RequestValidator, "validate", lambda *_: True))


def same_text_once() -> Without:
    """A text is taken in as often as it comes, under an id of ours."""
    converse = received.converse

    def always(session: Any, sid: str, phone: Phone) -> None:
        row = {"phone_id": phone.id, "outcome": "dropped", "received_at": now()}
        session.merge(SmsReceived(sid=sid, **row))

    def as_new(session: Any, settings: Any, phone: Phone, _sid: str, text: str) -> str:
        return converse(session, settings, phone, secrets.token_hex(16), text)

    return instead((received, "_first_time", always), (received, "converse", as_new))


def what_was_taken() -> Without:
    """Of what the provider lists nothing is left out as known."""
    return instead((reconciling, "_not_taken", lambda _database, listed: listed))


def proof_of_a_phone() -> Without:
    """Who texts the identifiers of a file is taken for whoever they belong to."""
    converse = received.converse

    def believed(session: Any, settings: Any, phone: Phone, sid: str, text: str) -> str:
        person_id = _whose(session, text)
        if person_id is not None:
            until = now() + timedelta(days=90)
            whose = {"phone_id": phone.id, "person_id": person_id}
            session.add(PhoneLink(**whose, proven_at=now(), until=until))
        return converse(session, settings, phone, sid, text)

    return instead((received, "converse", believed))


def _whose(session: Any, text: str) -> int | None:
    uci, number = re.search(r"\b\d{8}\b", text), re.search(r"F\d{9}", text)
    if not uci or not number:
        return None
    sought = keys_of(session).indexes("lookup", uci.group(), number.group())
    found: int | None = session.scalar(
        select(Participant.person_id).where(Participant.lookup.in_(sought))
    )
    return found


def stopped_phones() -> Without:
    """The sender does not look whether a phone has stopped."""
    return instead((sender, "_is_unwanted", lambda *_: False))


def asking_the_provider() -> Without:
    """What became of a try that broke off is not asked before the next one."""

    async def unknown(*_: Any) -> None:
        return None

    return instead((Sender, "_find", unknown))


def order_of_statuses() -> Without:
    """What was told last is what holds."""

    def last(message: Any, told: list[Any]) -> None:
        newest = max(told, key=lambda status: status.at)
        message.state = statuses.MEANING.get(newest.status, "sent")
        message.error = str(newest.error) if newest.error else None

    return instead((statuses, "_move", last))
