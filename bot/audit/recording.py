"""Writing to the trail: one row after the other, in the transaction of what it tells of."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import insert, update

from bot.audit.chain import Head, Row, head_fault, head_seal, row_hash
from bot.audit.stored import HEAD, stored_head
from bot.clock import now
from bot.store import AuditEntry, AuditHead, keys_of

# Put together once: for each row anew, this would take longer than all the rest.
_INSERT = insert(AuditEntry.__table__)
_MOVE = update(AuditHead.__table__).where(AuditHead.id == HEAD)


class AuditBroken(Exception):
    """The trail was tampered with, or its key is missing: nothing may be added or removed."""


def record(
    session: Any,
    act: str,
    /,
    *,
    person_id: int | None = None,
    application_id: int | None = None,
    conversation_id: str | None = None,
    agent: str | None = None,
    **detail: Any,
) -> None:
    """Write one audit row in the caller's transaction. `detail` holds codes, never contents.

    Raises:
        AuditBroken: the head is missing or altered. Going on would seal what was forged.
    """
    keys, head, moment = keys_of(session), locked_head(session), now()
    values = {
        "position": head.position + 1,
        "at": moment,
        "act": act,
        "person_id": person_id,
        "application_id": application_id,
        "conversation_id": conversation_id,
        "agent": agent,
        "detail": detail,
        "key": keys.id,
    }
    stored = {**values, "at": _stored_moment(moment), "detail": json.dumps(detail)}
    values["hash"] = row_hash(keys, Row(**stored, hash=None), head.hash)
    session.connection().execute(_INSERT, values)
    move_head(session, values["position"], values["hash"])


def locked_head(session: Any) -> Head:
    """The head, locked until the caller's transaction ends: one writer behind the other.

    Raises:
        AuditBroken: it is missing or altered, or its key is not configured.
    """
    session.flush()
    head = stored_head(session, locked=True)
    fault = head_fault(keys_of(session), head)
    if head is None or fault:
        raise AuditBroken(fault)
    return head


def move_head(session: Any, position: int, end: bytes) -> None:
    """Let the chain end at `position`, whose hash is `end`, under the present key."""
    keys = keys_of(session)
    head = Head(position, end, keys.id, None)
    values = {**head._asdict(), "seal": head_seal(keys, head)}
    session.connection().execute(_MOVE, values)


def _stored_moment(moment: datetime) -> str:
    plain = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return plain.isoformat(sep=" ", timespec="microseconds")
