"""The chain made anew with the present secret, after which the previous one can be forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.audit.chain import Row, row_hash
from bot.audit.claims import REKEYED, beginning
from bot.audit.recording import AuditBroken, locked_head, move_head, record
from bot.audit.stored import ENTRY, rows_after
from bot.audit.verify import verify
from bot.store import AuditEntry, keys_of

_CHANGE = (
    update(AuditEntry.__table__)
    .where(ENTRY.position == bindparam("at_position"))
    .values(key=bindparam("new_key"), hash=bindparam("new_hash"))
)


def rekey(session: Any, anchor: Path | None = None) -> int:
    """Make every hash and the head's seal with the present key, in the caller's transaction; how
    many rows. Nobody else writes to the trail until it ends.

    What the anchor file shows of older hashes cannot be compared any more: give its path, so that
    it is compared for the last time.

    Raises:
        AuditBroken: the trail was tampered with, or the previous key is not configured. To make it
            anew would make what was forged genuine.
    """
    keys = keys_of(session)
    head = locked_head(session)
    other = select(ENTRY.position).where(ENTRY.key != keys.id).limit(1)
    if session.scalar(other) is None:
        return 0
    if next(verify(session, anchor), None) is not None:
        raise AuditBroken("not made anew")
    begin = beginning(session)
    position, end, count = begin.first - 1, begin.before, 0
    while rows := rows_after(session, position):
        changes = []
        for row in rows:
            end = row_hash(keys, row._replace(key=keys.id), end)
            changes.append(_change(row, keys.id, end))
        session.connection().execute(_CHANGE, changes)
        position, count = rows[-1].position, count + len(rows)
    move_head(session, head.position, end)
    record(session, REKEYED, rows=count)
    return count


def _change(row: Row, key: bytes, end: bytes) -> dict[str, Any]:
    return {"at_position": row.position, "new_key": key, "new_hash": end}
