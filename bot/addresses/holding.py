"""A confirmed change of address: held, then applied, undone, or decided by an agent.

Sources: knowledge of security, T06 (hold and undo) and T26 (an agent looks at shared addresses).
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.addresses.record import IN_PRINT, in_print
from bot.addresses.sharing import is_shared_by_strangers
from bot.addresses.writing import keep, notify, record, take
from bot.clock import now
from bot.store import (
    AddressChange,
    Landing,
)


def undo(session: Any, token: str) -> int | None:
    """Undo the change of the e-mail's address while it is held; the person, or None when there is
    nothing to undo (any more)."""
    digest = hashlib.sha256(token.encode()).digest()
    change = session.execute(
        select(AddressChange).where(AddressChange.undo == digest)
    ).scalar_one_or_none()
    if change is None or not take(session, change.id, ("held", "review"), "undone"):
        return None
    record(session, change, "address.undone")
    notify(session, change, "address_undone")
    return int(change.person_id)


def apply(session: Any, change_id: str) -> bool:
    """Let a held change count, once its time has come; False when it is not held any more, and as
    long as a card is in print. One that turned out to be shared by strangers while it was held
    waits for an agent."""
    change = session.get(AddressChange, change_id)
    if change.held_until > now() or in_print(session, change.person_id):
        return False
    after = "review" if is_shared_by_strangers(session, change) else "applied"
    if not take(session, change_id, ("held",), after):
        return False
    if after == "applied":
        keep(session, change)
    else:
        record(session, change, "address.review")
    return after == "applied"


def decide(session: Any, change_id: str, agent: str, accepted: bool) -> bool:
    """An agent's word on a change that waits for one (state review)."""
    after = "applied" if accepted else "refused"
    if not take(session, change_id, ("review",), after):
        return False
    change = session.get(AddressChange, change_id)
    if accepted:
        keep(session, change, agent)
    else:
        record(session, change, "address.refused", agent)
        notify(session, change, "address_refused")
    return True


def due_changes(session: Any, moment: datetime, limit: int = 100) -> list[str]:
    """Held changes whose time has come, oldest first; not those that wait for a card in print,
    which would stand in the way of the others."""
    in_print = select(Landing.person_id).where(Landing.stage == IN_PRINT)
    return list(
        session.scalars(
            select(AddressChange.id)
            .where(
                AddressChange.state == "held",
                AddressChange.held_until <= moment,
                AddressChange.person_id.not_in(in_print),
            )
            .order_by(AddressChange.held_until)
            .limit(limit)
        )
    )
