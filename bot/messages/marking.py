"""What became of a message, written by the sender that has it leased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, update

from bot.clock import now
from bot.messages.pauses import BEFORE_ASKING, MAX_TRIES, pause_after
from bot.messages.statuses import OPTED_OUT, apply_statuses
from bot.messages.stopped import mark_stopped
from bot.messages.ways import NotTaken, Unclear
from bot.store import Outbound, Phone

# When the provider is asked first what became of a message it took (bot/messages/reconciling.py).
FIRST_LOOK = timedelta(minutes=2)
LATE, BUDGET = "late", "budget"


def mark_sent(session: Any, message: Outbound, provider_id: str | None) -> None:
    """It has left. Not only while it is leased: whoever sent it, it is sent."""
    values: dict[str, Any] = {"state": "sent", "sent_at": now(), "text": "", "error": None}
    if provider_id is not None:
        values |= {"provider_id": provider_id}
    if message.channel == "sms":
        values |= {"due_at": now() + FIRST_LOOK}
    _close(session, message, **values)
    if provider_id is not None and message.channel == "sms":
        apply_statuses(session, provider_id)  # those that were quicker than this


def mark_not_sent(session: Any, message: Outbound, error: Exception) -> None:
    """Try again later, or give it up."""
    code = str(getattr(error, "code", type(error).__name__))[:40]
    tries = message.tries + 1
    if (isinstance(error, NotTaken) and error.final) or tries >= MAX_TRIES:
        give_up(session, message, code, tries=tries)
        if code == str(OPTED_OUT) and message.phone_id:
            mark_stopped(session, session.get(Phone, message.phone_id), "provider")
        return
    pause = pause_after(tries, getattr(error, "wait", None))
    if isinstance(error, Unclear):
        pause = max(pause, BEFORE_ASKING)
    values: dict[str, Any] = {"tries": tries, "due_at": now() + pause, "error": code}
    if not isinstance(error, Unclear):
        values |= {"attempted_at": None}  # it has surely not left
    _close(session, message, leased=True, **values)


def give_up(session: Any, message: Outbound, why: str, **values: Any) -> None:
    """A dead letter. Its text stays for `python -m bot outbox` when it can hold no code."""
    may_stay = message.event is not None or message.conversation_id is not None
    if not may_stay or message.useless_after is not None or why in (LATE, BUDGET):
        values |= {"text": ""}
    _close(session, message, leased=True, state="failed", error=why, **values)


def postpone(session: Any, message: Outbound, due_at: Any) -> None:
    """Not now, for a reason that is ours: it costs no try."""
    _close(session, message, leased=True, due_at=due_at, attempted_at=message.attempted_at)


def drop(session: Any, message: Outbound) -> None:
    """The person wants no text messages."""
    _close(session, message, state="dropped", text="")


def _close(session: Any, message: Outbound, leased: bool = False, **values: Any) -> None:
    """Change the row while it waits; when `leased`, only while it is ours: a sender that was
    asleep for longer than its lease does not undo what another one did meanwhile."""
    session.execute(
        update(Outbound)
        .where(
            Outbound.id == message.id,
            Outbound.state == "queued",
            or_(not leased, Outbound.due_at == message.due_at),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
