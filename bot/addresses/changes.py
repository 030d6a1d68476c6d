"""A change of address: proposed, confirmed by a code for that very address, held 24 hours, applied.

Sources: knowledge of security, T06 (the code names what it confirms, the hold, the notice with its
undo) and T26 (no change while the card is in print, the same address for many people).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot import audit
from bot.addresses.address import Address
from bot.addresses.sharing import is_shared_by_strangers, place_index
from bot.clock import now
from bot.identity.budgets import BUDGETS, Budgets
from bot.identity.codes import was_used
from bot.identity.step_up import ask_change_code, confirm_change
from bot.messages.outbox import queue_mail
from bot.rights.authorize import NotAllowed, Viewer, require
from bot.rights.relations import CLIENTS
from bot.store import (
    AddressChange,
    Conversation,
    Landing,
    Participant,
    Person,
    PostalAddress,
)
from bot.store.upsert import upsert
from bot.texts import say
from bot.texts.dates import long_moment

HOLD = timedelta(hours=24)
PURPOSE = "address"
# A card of this stage carries the old address on its envelope already (T26).
IN_PRINT = "card_ordered"


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
    if _in_print(session, asking.person_id):
        raise CardInPrint
    _lock(session, Conversation, asking.conversation_id)
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
    if _in_print(session, change.person_id):
        raise CardInPrint
    what = _in_words(session, change, by)
    right, tries_left = confirm_change(session, conversation_id, by, PURPOSE, what, code)
    if not right:
        return Confirmed(None, tries_left)
    state = "review" if is_shared_by_strangers(session, change) else "held"
    undo = secrets.token_urlsafe(24)
    _lock(session, Person, change.person_id)
    _supersede(session, change.person_id)
    if _in_print(session, change.person_id, locked=True):
        raise CardInPrint
    change.state, change.held_until = state, now() + HOLD
    change.undo = hashlib.sha256(undo.encode()).digest()
    _record(session, change, f"address.{state}")
    _notify(session, change, "address_changed", undo=f"{public_url}/LANG/undo/{undo}")
    return Confirmed(str(change.id), 0, int(change.person_id), state, change.held_until)


def undo(session: Any, token: str) -> int | None:
    """Undo the change of the e-mail's address while it is held; the person, or None when there is
    nothing to undo (any more)."""
    digest = hashlib.sha256(token.encode()).digest()
    change = session.execute(
        select(AddressChange).where(AddressChange.undo == digest)
    ).scalar_one_or_none()
    if change is None or not _take(session, change.id, ("held", "review"), "undone"):
        return None
    _record(session, change, "address.undone")
    _notify(session, change, "address_undone")
    return int(change.person_id)


def apply(session: Any, change_id: str) -> bool:
    """Let a held change count, once its time has come; False when it is not held any more, and as
    long as a card is in print. One that turned out to be shared by strangers while it was held
    waits for an agent."""
    change = session.get(AddressChange, change_id)
    if change.held_until > now() or _in_print(session, change.person_id):
        return False
    after = "review" if is_shared_by_strangers(session, change) else "applied"
    if not _take(session, change_id, ("held",), after):
        return False
    if after == "applied":
        _keep(session, change)
    else:
        _record(session, change, "address.review")
    return after == "applied"


def decide(session: Any, change_id: str, agent: str, accepted: bool) -> bool:
    """An agent's word on a change that waits for one (state review)."""
    after = "applied" if accepted else "refused"
    if not _take(session, change_id, ("review",), after):
        return False
    change = session.get(AddressChange, change_id)
    if accepted:
        _keep(session, change, agent)
    else:
        _record(session, change, "address.refused", agent)
        _notify(session, change, "address_refused")
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


def held_change(session: Any, person_id: int) -> Any:
    """The change that waits, for its time or for an agent; None."""
    return session.execute(
        select(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.state.in_(("held", "review")))
        .order_by(AddressChange.created_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def is_client(session: Any, person_id: int) -> bool:
    """Whether an application is about this person; who only acts for others has no address here."""
    seat = select(Participant.person_id).where(
        Participant.person_id == person_id, Participant.role.in_(CLIENTS)
    )
    return session.execute(seat).first() is not None


def _in_print(session: Any, person_id: int, locked: bool = False) -> bool:
    """When `locked`, no card is ordered until the caller's transaction ends."""
    stages = select(Landing.stage).where(Landing.person_id == person_id)
    return IN_PRINT in session.scalars(stages.with_for_update() if locked else stages).all()


def _lock(session: Any, table: Any, row_id: Any) -> None:
    """Whoever else wants this row waits until the caller's transaction ends."""
    session.execute(select(table.id).where(table.id == row_id).with_for_update())


def _forget_proposals(session: Any, conversation_id: str) -> None:
    """An address that was never confirmed is not kept."""
    session.execute(
        update(AddressChange)
        .where(AddressChange.conversation_id == conversation_id, AddressChange.state == "proposed")
        .values(state="dropped", value={})
        .execution_options(synchronize_session=False)
    )


def _supersede(session: Any, person_id: int) -> None:
    """A newer change takes the place of one that is still held."""
    older = held_change(session, person_id)
    if older is not None and _take(session, older.id, ("held", "review"), "replaced"):
        _record(session, older, "address.replaced")


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
    return Confirmed(
        str(change.id), 0, int(change.person_id), change.state, change.held_until, repeated=True
    )


def _in_words(session: Any, change: Any, by: int) -> str:
    """What the code confirms, word for word: whose address, and all of it."""
    language = session.get(Person, by).language
    person = session.get(Person, change.person_id)
    lines = ", ".join(Address.from_json(change.value).lines(language))
    name = f"{person.given_names} {person.family_name}".strip()
    return say(language, "address.change", name=name, address=lines)


def _take(session: Any, change_id: str, before: tuple[str, ...], after: str) -> bool:
    """The one conditional update by which a change moves on, whoever else tries."""
    taken = session.execute(
        update(AddressChange)
        .where(AddressChange.id == change_id, AddressChange.state.in_(before))
        .values(state=after)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount == 1)


def _keep(session: Any, change: Any, agent: str | None = None) -> None:
    row = {"person_id": change.person_id, "value": change.value, "since": now()}
    statement = upsert(session, PostalAddress).values(row)
    changed = {"value": change.value, "since": row["since"]}
    session.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=changed))
    _record(session, change, "address.applied", agent)


def _record(session: Any, change: Any, act: str, agent: str | None = None) -> None:
    audit.record(
        session,
        act,
        person_id=change.person_id,
        conversation_id=change.conversation_id,
        agent=agent,
        by=change.by_person_id,
        change=change.id,
    )


def _notify(session: Any, change: Any, template: str, undo: str = "") -> None:
    """To the e-mail on file of whoever acted: a minor has none of their own."""
    to = session.get(Person, change.by_person_id)
    address = "\n".join(Address.from_json(change.value).lines(to.language))
    when = long_moment(to.language, change.held_until)
    queue_mail(
        session,
        to=to.email,
        language=to.language,
        template=template,
        person_id=to.id,
        address=address,
        when=when,
        undo=undo.replace("LANG", to.language),
    )
