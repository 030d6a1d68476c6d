"""One address for many people who have nothing in common: fraud, or a shelter; a person decides."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bot.addresses.address import Address
from bot.store import AddressChange, Participant, keys_of

# More than two unrelated people (knowledge: security, T26).
MOST_STRANGERS = 2


def place_index(session: Any, address: Address) -> bytes:
    """The blind index of the door that the address names, however it is written."""
    return keys_of(session).index("address", address.key)


def is_shared_by_strangers(session: Any, change: Any) -> bool:
    """True when more than two people without a common application moved there."""
    mine, theirs = aliased(Participant), aliased(Participant)
    family = (
        select(theirs.person_id)
        .join(mine, mine.application_id == theirs.application_id)
        .where(mine.person_id == change.person_id)
    )
    doors = keys_of(session).indexes("address", Address.from_json(change.value).key)
    others = session.scalars(
        select(AddressChange.person_id)
        .where(
            AddressChange.place.in_(doors),
            AddressChange.state.in_(("held", "applied", "review")),
            AddressChange.person_id != change.person_id,
            AddressChange.person_id.not_in(family),
        )
        .distinct()
        .limit(MOST_STRANGERS)
    ).all()
    return len(others) >= MOST_STRANGERS
