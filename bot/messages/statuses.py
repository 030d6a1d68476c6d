"""What Twilio tells of a message of ours: each once, in any order, with the same end."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot.clock import now
from bot.messages.stopped import mark_stopped
from bot.store import Outbound, Phone, SmsStatus
from bot.store.upsert import upsert

# Twilio's words (MessageStatus) and what they mean for our row; the others say that it is on its
# way, which the row says already.
MEANING = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "undelivered",
}
KNOWN = {
    "accepted",
    "scheduled",
    "queued",
    "sending",
    "canceled",
    "receiving",
    "received",
    *MEANING,
}
# A row's state only ever goes further down this list, so the order of callbacks does not matter.
ORDER = ("queued", "sent", "undelivered", "delivered")
OPTED_OUT = 21610


def take_status(
    session: Any, *, sid: str, status: str, error: int | None = None, reference: str | None = None
) -> bool:
    """Keep the status and move our row on; False when it was told before or is no status.

    `reference` is ours, as it stands in the callback's address: it names the row also when we do
    not know yet that Twilio took the message.
    """
    if status not in KNOWN:
        return False
    told = upsert(session, SmsStatus).values(sid=sid, status=status, error=error, at=now())
    if not session.execute(told.on_conflict_do_nothing()).rowcount:
        return False
    if reference:
        session.execute(
            update(Outbound)
            .where(Outbound.reference == reference, Outbound.provider_id.is_(None))
            .values(provider_id=sid)
            .execution_options(synchronize_session="fetch")
        )
    apply_statuses(session, sid)
    return True


def apply_statuses(session: Any, sid: str) -> None:
    """Move our row to the furthest state that was told of `sid`."""
    message = session.scalars(
        select(Outbound).where(Outbound.provider_id == sid).with_for_update()
    ).first()
    if message is None:
        return  # told before the sender noted the sid: it calls this again when it does
    told = session.scalars(
        select(SmsStatus).where(SmsStatus.sid == sid).order_by(SmsStatus.status)
    ).all()
    _move(message, told)
    if message.phone_id and any(status.error == OPTED_OUT for status in told):
        mark_stopped(session, session.get(Phone, message.phone_id), "provider")


def _move(message: Outbound, told: list[SmsStatus]) -> None:
    if not told or message.state not in ORDER:
        return
    state = max((MEANING.get(status.status, "sent") for status in told), key=ORDER.index)
    if ORDER.index(state) <= ORDER.index(message.state):
        return
    if message.state == "queued":
        message.sent_at = now()
    errors = [str(status.error) for status in told if status.error]
    message.state, message.text = state, ""
    message.error = errors[0] if errors and state == "undelivered" else None
