"""The one way a change of address moves on, is recorded, and is told of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot import audit
from bot.addresses.address import Address
from bot.addresses.record import held_change, held_until
from bot.clock import now
from bot.messages.outbox import queue_mail
from bot.store import (
    AddressChange,
    Person,
    PostalAddress,
)
from bot.store.upsert import upsert
from bot.texts.dates import long_moment


def take(session: Any, change_id: str, before: tuple[str, ...], after: str) -> bool:
    """The one conditional update by which a change moves on, whoever else tries."""
    taken = session.execute(
        update(AddressChange)
        .where(AddressChange.id == change_id, AddressChange.state.in_(before))
        .values(state=after)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount == 1)


def keep(session: Any, change: Any, agent: str | None = None) -> None:
    row = {"person_id": change.person_id, "value": change.value, "since": now()}
    statement = upsert(session, PostalAddress).values(row)
    changed = {"value": change.value, "since": row["since"]}
    session.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=changed))
    record(session, change, "address.applied", agent)


def record(session: Any, change: Any, act: str, agent: str | None = None) -> None:
    audit.record(
        session,
        act,
        person_id=change.person_id,
        conversation_id=change.conversation_id,
        agent=agent,
        by=change.by_person_id,
        change=change.id,
    )


def notify(session: Any, change: Any, template: str, undo: str = "") -> None:
    """To the e-mail on file of whoever acted: a minor has none of their own."""
    to = session.get(Person, change.by_person_id)
    address = "\n".join(Address.from_json(change.value).lines(to.language))
    until = held_until(session, change)
    queue_mail(
        session,
        to=to.email,
        language=to.language,
        template=template,
        person_id=to.id,
        address=address,
        when=long_moment(to.language, until) if until else "",
        undo=undo.replace("LANG", to.language),
    )


def lock(session: Any, table: Any, row_id: Any) -> None:
    """Whoever else wants this row waits until the caller's transaction ends; who only refers to it
    does not, or two such transactions could wait for each other."""
    session.execute(select(table.id).where(table.id == row_id).with_for_update(key_share=True))


def supersede(session: Any, person_id: int) -> None:
    """A newer change takes the place of one that is still held."""
    older = held_change(session, person_id)
    if older is not None and take(session, older.id, ("held", "review"), "replaced"):
        record(session, older, "address.replaced")
