"""Queue a message in the caller's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.clock import now
from bot.messages.parts import parts, plain
from bot.store import Outbound, Phone
from bot.store.upsert import upsert
from bot.texts import LANGUAGES, say

BETWEEN = "\n\n* * *\n\n"
# The event of a reply to a keyword, the only message that may go to a phone that has stopped.
KEYWORD = "keyword"
_TOLD = (Outbound.person_id, Outbound.event, Outbound.channel)
Row = dict[str, Any]


def queue_mail(
    session: Any,
    *,
    to: str | None,
    language: str,
    template: str,
    person_id: int | None = None,
    event: str | None = None,
    due_at: datetime | None = None,
    useless_after: datetime | None = None,
    bilingual: bool = False,
    into: list[Row] | None = None,
    **values: str,
) -> str:
    """Write the e-mail `mail.<template>` for `to` and return its reference.

    Without an address the row is a decoy: the same work, never sent. A `bilingual` one says it in
    both languages, the person's first; its subject is English / French, as genuine ones are. With
    an `event` it is written once for a person; again it is the reference of the first. `into` takes
    the row in place of the database, for `write_all`.
    """
    subject_order = LANGUAGES if bilingual else (language,)
    order = sorted(subject_order, key=lambda each: each != language)
    return _queue(
        session,
        channel="email",
        person_id=person_id,
        event=event,
        recipient=to or "",
        language=language,
        subject=" / ".join(say(each, f"mail.{template}.subject") for each in subject_order),
        text=BETWEEN.join(say(each, f"mail.{template}.text", **values) for each in order),
        due_at=due_at,
        useless_after=useless_after,
        into=into,
    )


def queue_sms(
    session: Any,
    *,
    phone: Phone,
    language: str,
    text: str,
    person_id: int | None = None,
    event: str | None = None,
    conversation_id: str | None = None,
    line: int | None = None,
    due_at: datetime | None = None,
    useless_after: datetime | None = None,
    into: list[Row] | None = None,
) -> str:
    """Write a text message to `phone` and return its reference.

    `text` is written as it goes out: punctuation of GSM-7, letters as they are. With a person and
    an `event` it is written once; again it is the reference of the first. A phone that has stopped
    gets nothing but replies to keywords (event KEYWORD): the sender drops what it finds. `into` as
    with `queue_mail`.
    """
    text = plain(text)
    return _queue(
        session,
        channel="sms",
        person_id=person_id,
        event=event,
        phone_id=phone.id,
        conversation_id=conversation_id,
        line=line,
        recipient=phone.number,
        language=language,
        subject="",
        text=text,
        parts=parts(text).count,
        due_at=due_at,
        useless_after=useless_after,
        into=into,
    )


def write_all(session: Any, rows: Sequence[Row]) -> None:
    """Write messages of one channel, each with a person and an event and so once, together."""
    if rows:
        session.flush()
        once = upsert(session, Outbound).on_conflict_do_nothing(index_elements=_TOLD)
        session.execute(once, rows)


def _queue(session: Any, *, due_at: datetime | None, into: list[Row] | None, **values: Any) -> str:
    moment = now()
    reference = secrets.token_hex(16)
    values |= {"reference": reference, "state": "queued", "tries": 0, "created_at": moment}
    values["due_at"] = due_at or moment
    if values["person_id"] is None or values["event"] is None:
        session.add(Outbound(**values))
        return reference
    values["rank"] = 1
    if into is not None:
        into.append(values)
        return reference
    session.flush()
    once = upsert(session, Outbound).values(**values)
    if session.execute(once.on_conflict_do_nothing(index_elements=_TOLD)).rowcount:
        return reference
    same = [column == values[column.key] for column in _TOLD]
    first: str = session.scalar(select(Outbound.reference).where(*same))
    return first
