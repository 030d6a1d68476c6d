"""The address step of landing: whatever is confirmed in bot/addresses moves the landing on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.addresses import changes, holding
from bot.addresses.changes import Confirmed
from bot.addresses.record import address_of
from bot.landing.moving import move, stage_of
from bot.landing.place import THE_SERVICE, Actor, Place
from bot.landing.steps import address_was_given
from bot.store import AddressChange, Landing

# At these the landing rests on the address; without it, it is asked for again.
_RESTS_ON_IT = frozenset({"address_given", "photo_received", "in_review"})


def confirm_address(session: Any, by: int, conversation_id: str, code: str, url: str) -> Confirmed:
    """Try the code of a change of address; when it is right, landings that wait for an address go
    on. Raises what bot/addresses/changes.py raises."""
    confirmed = changes.confirm(session, conversation_id, by, code, url)
    if confirmed.person_id is not None and not confirmed.repeated:
        actor = Actor(person_id=by, conversation_id=conversation_id)
        for place in _landings(session, confirmed.person_id):
            address_was_given(session, place, actor)
    return confirmed


def undo_address(session: Any, token: str) -> bool:
    """Undo a held change by the address in its notice; landings that rest on it go back to it."""
    person_id = holding.undo(session, token)
    if person_id is None:
        return False
    _ask_again(session, person_id, "address_undone")
    return True


def decide_address(session: Any, change_id: str, agent: str, accepted: bool) -> bool:
    """An agent's word on a change that waits for one; landings that rest on a refused one go back.
    False when it does not wait (any more)."""
    if not holding.decide(session, change_id, agent, accepted):
        return False
    if not accepted:
        person_id = session.get(AddressChange, change_id).person_id
        _ask_again(session, person_id, "address_refused")
    return True


def _ask_again(session: Any, person_id: int, why: str) -> None:
    """Landings that rest on an address go back to it, when there is none on file now."""
    if address_of(session, person_id) is None:
        for place in _landings(session, person_id):
            if stage_of(session, place) in _RESTS_ON_IT:
                move(session, place, "undo_address", THE_SERVICE, why=why)


def _landings(session: Any, person_id: int) -> list[Place]:
    rows = session.execute(
        select(Landing.application_id, Landing.person_id).where(Landing.person_id == person_id)
    )
    return [Place(*row) for row in rows]
