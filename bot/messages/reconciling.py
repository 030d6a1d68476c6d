"""What Twilio was asked, because it may not have told us: what became of our messages, and which
messages came while we were not there.

Callbacks get lost, and Twilio keeps no queue for a service that is down (knowledge: anchors, B).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from twilio.base.exceptions import TwilioRestException

from bot.clock import now
from bot.messages.statuses import take_status
from bot.messages.texting import TwilioText
from bot.store import Database, Heartbeat, Outbound, SmsReceived
from bot.store.upsert import upsert

# A message that is not confirmed after this is not asked about any more: some carriers never do.
LONGEST_ASKED = timedelta(days=3)
MOST_AT_ONCE = 100
# Messages that are older are not taken in (knowledge: security, T13).
OLDEST = timedelta(hours=24)
# What Twilio is still bringing itself is left to it for so long: it tries for up to 15 seconds.
STILL_COMING = timedelta(seconds=20)
# Looked at again each time: Twilio lists a message a moment after it came.
OVERLAP = timedelta(minutes=5)
RECOVERED = "sms_recovered"

log = structlog.get_logger()
TakeIn = Callable[[Any, Any], Any]  # (session, Twilio's message)


def ask_for_statuses(database: Database, twilio: TwilioText) -> int:
    """Ask what became of messages whose end was not told; how many were asked about."""
    moment = now()
    with database.read() as session:
        due = session.execute(
            select(Outbound.id, Outbound.provider_id, Outbound.sent_at)
            .where(
                Outbound.state == "sent",
                Outbound.channel == "sms",
                Outbound.rank.in_((0, 1)),
                Outbound.due_at <= moment,
                Outbound.sent_at > moment - LONGEST_ASKED,
                Outbound.provider_id.is_not(None),
            )
            .order_by(Outbound.due_at)
            .limit(MOST_AT_ONCE)
        ).all()
    for row in due:
        status, error = _status(twilio, row.provider_id)
        with database.write() as session:
            if status:
                take_status(session, sid=row.provider_id, status=status, error=error)
            # Twice as old each time it is looked at.
            session.execute(
                update(Outbound)
                .where(Outbound.id == row.id)
                .values(due_at=now() + max(now() - row.sent_at, timedelta(minutes=1)))
            )
    return len(due)


def _status(twilio: TwilioText, sid: str) -> tuple[str | None, int | None]:
    try:
        return twilio.status(sid)
    except TwilioRestException as error:
        if error.status != 404:
            raise
        log.warning("sms.not_known_to_provider")
        return None, None


def recover(database: Database, twilio: TwilioText, take_in: TakeIn) -> int:
    """Take in what Twilio lists and we do not have, oldest first; how many that were.

    It looks back to before the last time that this went well, so nothing is missed however long
    nobody was there, up to a day.
    """
    begun = now()
    listed = list(twilio.received(_since(database, begun)))
    missed = _not_taken(database, [each for each in listed if _is_due(each, begun)])
    for message in missed[::-1]:
        with database.write() as session:
            take_in(session, message)
    _remember(database, begun)
    if missed:
        log.warning("sms.recovered")
    return len(missed)


def _is_due(message: Any, moment: datetime) -> bool:
    return bool(message.date_sent <= moment - STILL_COMING)


def _since(database: Database, moment: datetime) -> datetime:
    with database.read() as session:
        last = session.get(Heartbeat, RECOVERED)
    return max(moment - OLDEST, last.at - OVERLAP) if last else moment - OLDEST


def _not_taken(database: Database, listed: list[Any]) -> list[Any]:
    sids = [message.sid for message in listed]
    with database.read() as session:
        have = {
            sid
            for start in range(0, len(sids), 500)
            for sid in session.scalars(
                select(SmsReceived.sid).where(SmsReceived.sid.in_(sids[start : start + 500]))
            )
        }
    return [message for message in listed if message.sid not in have]


def _remember(database: Database, moment: datetime) -> None:
    beat = {"name": RECOVERED, "at": moment, "process": 0}
    with database.write() as session:
        kept = upsert(session, Heartbeat).values(**beat)
        session.execute(kept.on_conflict_do_update(index_elements=["name"], set_=beat))
