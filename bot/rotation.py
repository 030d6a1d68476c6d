"""Rotation of the secret: everything sealed, every blind index and the audit trail made anew.

Started with the new secret in PASSAGE_SECRET_KEY and the old one in PASSAGE_SECRET_KEY_PREVIOUS,
beside a running service that has both. Each batch is one transaction and what is done already is
passed over, so it can be broken off and started again at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, select, tuple_, type_coerce, update

from bot.addresses.address import Address
from bot.audit.rekeying import rekey
from bot.store import (
    AddressChange,
    Application,
    Base,
    Database,
    Keys,
    Lock,
    Participant,
    Person,
    Phone,
    Tally,
    keys_of,
)
from bot.store.cases import DETAILS, as_date, person_columns
from bot.store.sealed import SealedText

BATCH = 500
Progress = Callable[[str, int], None]


def rotate(
    database: Database, on_progress: Progress | None = None, anchor: Path | None = None
) -> dict[str, int]:
    """Make everything anew with the present secret; rows changed, by table. `anchor` is the file
    that the audit trail is compared with for the last time.

    Raises:
        CannotOpen: something was made with a secret that is neither of the two.
        AuditBroken: the audit trail was tampered with; nothing of it was changed.
    """
    changed: dict[str, int] = {}
    for table in [*_sealed_tables(), Participant.__table__]:
        for count in _renew(database, table):
            changed[table.name] = changed.get(table.name, 0) + count
            if on_progress:
                on_progress(table.name, changed[table.name])
    with database.write() as session:
        rekey(session, anchor)
    return changed


def _sealed_tables() -> list[Any]:
    tables = Base.metadata.sorted_tables
    return [t for t in tables if any(isinstance(c.type, SealedText) for c in t.columns)]


def _renew(database: Database, table: Any) -> Iterator[int]:
    """Renew a table in batches by its key; yields how many rows of each were changed."""
    key = list(table.primary_key.columns)
    last: tuple[Any, ...] | None = None
    while True:
        with database.write() as session:
            query = select(*key).order_by(*key).limit(BATCH)
            if last is not None:
                query = query.where(tuple_(*key) > last)
            rows = [tuple(row) for row in session.execute(query)]
            if not rows:
                return
            last = rows[-1]
            yield sum(_renew_row(session, table, key, row) for row in rows)


def _renew_row(session: Any, table: Any, key: list[Any], row: tuple[Any, ...]) -> int:
    here = [column == value for column, value in zip(key, row, strict=True)]
    values = _new_values(session, table, here)
    if values:
        session.execute(update(table).where(*here).values(values))
    return bool(values)


def _new_values(session: Any, table: Any, here: list[Any]) -> dict[str, Any]:
    """The columns to write anew; empty when they are all of the present secret."""
    keys = keys_of(session)
    if table is Participant.__table__:
        return _new_lookup(session, keys, here)
    sealed = [c for c in table.columns if isinstance(c.type, SealedText)]
    raw = session.execute(select(*(type_coerce(c, LargeBinary) for c in sealed)).where(*here)).one()
    if all(value is None or keys.is_current(value) for value in raw):
        return {}
    values = session.execute(select(*sealed).where(*here)).one()
    new = {c.name: value for c, value in zip(sealed, values, strict=True)}
    if table is Application.__table__:
        new["number_index"] = keys.index("number", new["number"])
    if table is AddressChange.__table__ and new["value"]:
        new["place"] = keys.index("address", Address.from_json(new["value"]).key)
    if table is Phone.__table__:
        new["number_index"] = keys.index("phone", new["number"])
    if table is Person.__table__:
        new |= _new_person(session, keys, new["details"])
    return new


def _new_person(session: Any, keys: Keys, details: dict[str, Any]) -> dict[str, Any]:
    """The person's indexes; what was counted against them, and their locks, follow."""
    for identifier in filter(None, (details["uci"], details["party_id"])):
        new, *old = keys.indexes("subject", identifier)
        for table in (Tally, Lock):
            session.execute(
                update(table)
                .where(table.subject.in_(old))
                .values(subject=new)
                .execution_options(synchronize_session=False)
            )
    known = {name: details[name] for name in DETAILS}
    return person_columns(keys, {**known, "birth_date": as_date(details["birth_date"])})


def _new_lookup(session: Any, keys: Keys, here: list[Any]) -> dict[str, Any]:
    seat = session.execute(
        select(Participant.role, Participant.lookup, Person.details, Application.number)
        .join(Person, Person.id == Participant.person_id)
        .join(Application, Application.id == Participant.application_id)
        .where(*here)
    ).one()
    if seat.lookup is None:
        return {}
    candidates = [seat.details["uci"], seat.details["party_id"]]
    for identifier in filter(None, candidates):
        new, *old = keys.indexes("lookup", identifier, seat.number)
        if seat.lookup in old:
            return {"lookup": new}
    return {}
