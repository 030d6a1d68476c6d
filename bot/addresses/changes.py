"""A change of address: proposed, and confirmed by a code for that very address.

Sources: knowledge of security, T06 (the code names what it confirms, the notice with its undo) and
T26 (no change while the card is in print, the same address for many people).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.addresses.address import Address
from bot.addresses.record import held_until, in_print, is_client
from bot.addresses.sharing import is_shared_by_strangers, place_index
from bot.addresses.writing import lock, notify, record, supersede
from bot.clock import now
from bot.identity.budgets import BUDGETS, Budgets
from bot.identity.codes import was_used
from bot.identity.step_up import ask_change_code, confirm_change
from bot.rights.authorize import NotAllowed, Viewer, require
from bot.store import (
    AddressChange,
    Conversation,
    Person,
)
from bot.texts import say

HOLD = timedelta(hours=24)
PURPOSE = "address"


class CardInPrint(Exception):
    """The card is being made and mailed to the address of record: only an agent changes it now."""


class NothingProposed(Exception):
    """No address waits for a code in this conversation."""


@dataclass(frozen=True)
class Asking:
    """Who changes whose address, and where: `by` is signed in in the conversation."""

    by: int
    person_id: int
    conversation_id: str


@dataclass(frozen=True)
class Confirmed:
    """`change_id` is None when the code was wrong, and then `tries_left` counts. `repeated`: it was
    confirmed by this very code before, and nothing was changed now."""

    change_id: str | None
    tries_left: int
    person_id: int | None = None
    state: str = ""
    held_until: datetime | None = None
    repeated: bool = False


def propose(
    session: Any, asking: Asking, address: Address, public_url: str, budgets: Budgets = BUDGETS
) -> str:
    """Keep the address and e-mail a code that confirms it and nothing else; its change's id.

    Raises:
        NotAllowed, CardInPrint
        TooManyCodes: nothing was sent.
    """
    require(session, Viewer(asking.by), "change_address", asking.person_id)
    if not is_client(session, asking.person_id):
        raise NotAllowed("change_address")
    if in_print(session, asking.person_id):
        raise CardInPrint
    lock(session, Conversation, asking.conversation_id)
    _forget_proposals(session, asking.conversation_id)
    change = AddressChange(
        id=secrets.token_urlsafe(12),
        person_id=asking.person_id,
        by_person_id=asking.by,
        conversation_id=asking.conversation_id,
        value=address.to_json(),
        place=place_index(session, address),
        state="proposed",
        created_at=now(),
    )
    session.add(change)
    session.flush()
    what = _in_words(session, change, asking.by)
    ask_change_code(session, asking.conversation_id, asking.by, PURPOSE, what, public_url, budgets)
    return str(change.id)


def confirm(session: Any, conversation_id: str, by: int, code: str, public_url: str) -> Confirmed:
    """Try the code. When it is right the change is held, or waits for an agent, and the person is
    told by e-mail, with an address that undoes it. The right code again changes nothing.

    Raises:
        NothingProposed
        NotAllowed, CardInPrint: it has come to that since.
    """
    change = _proposed(session, conversation_id, by)
    if change is None:
        return _repeated(session, conversation_id, by, code)
    require(session, Viewer(by), "change_address", change.person_id)
    if in_print(session, change.person_id):
        raise CardInPrint
    what = _in_words(session, change, by)
    right, tries_left = confirm_change(session, conversation_id, by, PURPOSE, what, code)
    if not right:
        return Confirmed(None, tries_left)
    state = "review" if is_shared_by_strangers(session, change) else "held"
    undo = secrets.token_urlsafe(24)
    lock(session, Person, change.person_id)
    supersede(session, change.person_id)
    if in_print(session, change.person_id, locked=True):
        raise CardInPrint
    change.state, change.held_until = state, now() + HOLD
    change.undo = hashlib.sha256(undo.encode()).digest()
    record(session, change, f"address.{state}")
    notify(session, change, "address_changed", undo=f"{public_url}/LANG/undo/{undo}")
    return Confirmed(str(change.id), 0, int(change.person_id), state, held_until(session, change))


def _forget_proposals(session: Any, conversation_id: str) -> None:
    """An address that was never confirmed is not kept."""
    session.execute(
        update(AddressChange)
        .where(AddressChange.conversation_id == conversation_id, AddressChange.state == "proposed")
        .values(state="dropped", value={})
        .execution_options(synchronize_session=False)
    )


def _proposed(session: Any, conversation_id: str, by: int) -> Any:
    return session.execute(
        select(AddressChange)
        .where(
            AddressChange.conversation_id == conversation_id,
            AddressChange.by_person_id == by,
            AddressChange.state == "proposed",
        )
        .with_for_update()
    ).scalar_one_or_none()


def _repeated(session: Any, conversation_id: str, by: int, code: str) -> Confirmed:
    """What this code confirmed here before, for a client that did not get its answer.

    Raises:
        NothingProposed
    """
    change = session.execute(
        select(AddressChange)
        .where(
            AddressChange.conversation_id == conversation_id,
            AddressChange.by_person_id == by,
            AddressChange.state.in_(("held", "review", "applied")),
        )
        .order_by(AddressChange.held_until.desc())
        .limit(1)
    ).scalar_one_or_none()
    if change is None:
        raise NothingProposed
    what = _in_words(session, change, by)
    if not was_used(session, conversation_id, code, PURPOSE, what):
        raise NothingProposed
    until = held_until(session, change)
    return Confirmed(str(change.id), 0, int(change.person_id), change.state, until, repeated=True)


def _in_words(session: Any, change: Any, by: int) -> str:
    """What the code confirms, word for word: whose address, and all of it."""
    language = session.get(Person, by).language
    person = session.get(Person, change.person_id)
    lines = ", ".join(Address.from_json(change.value).lines(language))
    name = f"{person.given_names} {person.family_name}".strip()
    return say(language, "address.change", name=name, address=lines)
