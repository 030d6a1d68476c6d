"""What counts as somebody's address, and what is on its way: reading only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.addresses.address import Address
from bot.rights.relations import CLIENTS
from bot.store import (
    AddressChange,
    Contact,
    Landing,
    Participant,
    Person,
    PostalAddress,
)
from bot.zones import zones_for

# A card of this stage carries the old address on its envelope already (T26).
IN_PRINT = "card_ordered"


def in_print(session: Any, person_id: int, locked: bool = False) -> bool:
    """When `locked`, no card is ordered until the caller's transaction ends."""
    stages = select(Landing.stage).where(Landing.person_id == person_id)
    return IN_PRINT in session.scalars(stages.with_for_update() if locked else stages).all()


def held_change(session: Any, person_id: int) -> Any:
    """The change that waits, for its time or for an agent; None."""
    return session.execute(
        select(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.state.in_(("held", "review")))
        .order_by(AddressChange.created_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def held_until(session: Any, change: Any) -> datetime | None:
    """When a change counts, on the clocks where whoever asked for it lives: in the zone that they
    chose, or else in that of the address."""
    if change is None or change.held_until is None:
        return None
    chosen = session.scalar(select(Contact.zone).where(Contact.person_id == change.by_person_id))
    (zone, *_) = zones_for(chosen, change.value, None)
    moment: datetime = change.held_until.astimezone(ZoneInfo(zone))
    return moment


def address_of(session: Any, person_id: int) -> Address | None:
    """Where the person's mail goes: what they confirmed last, also while it is held, or else the
    address of record."""
    held = session.scalar(
        select(AddressChange.value)
        .where(AddressChange.person_id == person_id, AddressChange.state == "held")
        .order_by(AddressChange.held_until.desc())
        .limit(1)
    )
    record = session.get(PostalAddress, person_id)
    value = held or (record.value if record else None)
    return Address.from_json(value) if value else None


def in_review(session: Any) -> list[tuple[str, str, dict[str, str]]]:
    """(change, name, address) of the changes that an agent decides on, oldest first."""
    rows = session.execute(
        select(AddressChange, Person)
        .join(Person, Person.id == AddressChange.person_id)
        .where(AddressChange.state == "review")
        .order_by(AddressChange.created_at)
    )
    return [
        (change.id, f"{person.given_names} {person.family_name}".strip(), change.value)
        for change, person in rows
    ]


def is_client(session: Any, person_id: int) -> bool:
    """Whether an application is about this person; who only acts for others has no address here."""
    seat = select(Participant.person_id).where(
        Participant.person_id == person_id, Participant.role.in_(CLIENTS)
    )
    return session.execute(seat).first() is not None
