"""Rows that have been kept long enough, taken from the front of the chain and nowhere else.

The chain itself says so: a row `audit.pruned` names the first position that remains and the hash
that its row follows on. Verification begins there, and rows that go without it are missing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from bot.audit.claims import PRUNED, beginning
from bot.audit.recording import AuditBroken, locked_head, record
from bot.audit.stored import ENTRY, hashes_at, still
from bot.audit.verify import verify
from bot.store import AuditEntry, keys_of


def prune(session: Any, before: datetime) -> int:
    """Remove the oldest rows up to the first that is not from before `before`; how many went.

    The whole chain is verified first, beside the caller's transaction: call this as the first thing
    in it, so that on SQLite nobody waits meanwhile.

    Raises:
        AuditBroken: the trail was tampered with. Removing rows would remove the evidence.
    """
    with still(session.get_bind(), keys_of(session)) as beside:
        if next(verify(beside), None) is not None:
            raise AuditBroken("not pruned")
    head = locked_head(session)
    kept = select(ENTRY.position).where(ENTRY.at >= before).order_by(ENTRY.position).limit(1)
    first, remains = beginning(session).first, session.scalar(kept) or head.position + 1
    if remains == first:
        return 0
    end = hashes_at(session, [remains - 1])[remains - 1]
    record(session, PRUNED, first=remains, before=end.hex())
    gone = session.execute(delete(AuditEntry.__table__).where(ENTRY.position < remains)).rowcount
    if gone != remains - first:
        raise AuditBroken("changed while it was pruned")
    return int(gone)
