"""What the chain says of itself: where it begins since it was last pruned, when its hashes were
made anew, what was last verified. Only rows that prove themselves are believed."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sqlalchemy import select

from bot.audit.chain import START, Row, row_hash
from bot.audit.stored import ENTRY, row_at
from bot.store import keys_of
from bot.store.keys import CannotOpen

PRUNED, REKEYED, VERIFIED = "audit.pruned", "audit.rekeyed", "audit.verified"


class Claim(NamedTuple):
    """A row of the chain about the chain."""

    position: int
    detail: dict[str, Any]


class Beginning(NamedTuple):
    """The first position that must be there, and the hash that its row follows on."""

    first: int
    before: bytes


def beginning(session: Any) -> Beginning:
    claim = newest(session, PRUNED)
    if claim is None:
        return Beginning(1, START)
    return Beginning(claim.detail["first"], bytes.fromhex(claim.detail["before"]))


def newest(session: Any, act: str) -> Claim | None:
    """The newest row of `act` that follows from the row before it: nobody without the key can make
    one, nor let one say something else."""
    query = select(ENTRY.position).where(ENTRY.act == act).order_by(ENTRY.position.desc())
    position = session.scalar(query.limit(1))
    while position is not None:
        row = row_at(session, position)
        if row is not None and _is_proven(session, row):
            return Claim(position, json.loads(row.detail))
        position = session.scalar(query.where(ENTRY.position < position).limit(1))
    return None


def _is_proven(session: Any, row: Row) -> bool:
    try:
        return bool(row.hash == row_hash(keys_of(session), row, _before(session, row)))
    except (CannotOpen, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return False


def _before(session: Any, row: Row) -> Any:
    """The hash that the row follows on; a first row that tells of pruning brings it along."""
    if row.position == 1:
        return START
    before = row_at(session, row.position - 1)
    return before.hash if before else bytes.fromhex(json.loads(row.detail)["before"])
