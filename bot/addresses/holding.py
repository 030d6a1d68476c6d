"""A confirmed change of address: held, then applied, undone, or decided by an agent.

Sources: knowledge of security, T06 (hold and undo) and T26 (an agent looks at shared addresses).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.addresses.address import Address
from bot.addresses.record import IN_PRINT, in_print
from bot.addresses.sharing import is_shared_by_strangers, place_index
from bot.addresses.writing import keep, notify, record, supersede, take
from bot.clock import now
from bot.store import AddressChange, AuditEntry, Landing

BY_AGENT = "address.given_by_agent"


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


class SameAgent(Exception):
    """Two agents change an address: the one who gave it does not decide on it (data/rights.yml)."""


def propose_by_agent(session: Any, person_id: int, address: Address, agent: str) -> str:
    """An address that an agent gives for a person, also while a card is in print; it counts once
    another agent accepts it. Returns the change's id."""
    supersede(session, person_id)
    change = AddressChange(
        id=secrets.token_urlsafe(12),
        person_id=person_id,
        by_person_id=person_id,
        conversation_id="",
        value=address.to_json(),
        place=place_index(session, address),
        state="review",
        created_at=now(),
        held_until=now(),
    )
    session.add(change)
    session.flush()
    record(session, change, BY_AGENT, agent)
    return str(change.id)


def decide(session: Any, change_id: str, agent: str, accepted: bool) -> bool:
    """An agent's word on a change that waits for one (state review).

    Raises:
        SameAgent: nothing was changed.
    """
    if accepted and agent in _proposers(session, change_id):
        raise SameAgent
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


def _proposers(session: Any, change_id: str) -> set[str]:
    change = session.get(AddressChange, change_id)
    rows = session.execute(
        select(AuditEntry.agent, AuditEntry.detail).where(
            AuditEntry.act == BY_AGENT,
            AuditEntry.person_id == (change.person_id if change else None),
        )
    )
    return {row.agent for row in rows if row.detail["change"] == change_id}


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
