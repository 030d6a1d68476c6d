"""`tell`: write down, with a change, whom it will be told. Nothing is sent here.

Only who subscribed to the topic and may read what it is about gets a row, and each event becomes
one row for a person, however often it is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from bot.clock import now
from bot.notices.topics import ACTS
from bot.rights.bulk import RightsOnMany
from bot.store import News, Participant, Preference
from bot.store.upsert import upsert

# News of one person that come within it become one message.
WINDOW = timedelta(minutes=10)
# Well below the number of parameters that either database takes in one statement.
CHUNK = 1_000

Told = dict[tuple[int, str], set[int]]  # (application, topic) -> who subscribed


class Change(NamedTuple):
    """Something to tell. `person_id` is whom it concerns, None the application as a whole; `event`
    names it, at most 80 characters; `details` is what the words need (a due date), in JSON."""

    person_id: int | None
    topic: str
    event: str
    application_id: int
    urgent: bool = False
    details: dict[str, Any] | None = None


def tell(
    session: Any,
    person_id: int | None,
    topic: str,
    event: str,
    *,
    application_id: int,
    urgent: bool = False,
    details: dict[str, Any] | None = None,
) -> None:
    """Write the news of one change in the caller's transaction."""
    tell_all(session, [Change(person_id, topic, event, application_id, urgent, details)])


def tell_all(session: Any, changes: Sequence[Change]) -> int:
    """The same for many changes at once; returns how many rows were meant (some may be there)."""
    written = 0
    for chunk in _by_application(changes):
        written += _tell(session, chunk)
    return written


def _tell(session: Any, changes: Sequence[Change]) -> int:
    session.flush()
    told = _subscribed(session, {change.application_id for change in changes})
    heard = [c for c in changes if (c.application_id, c.topic) in told]
    if not heard:
        return 0
    rights = RightsOnMany(session, {change.application_id for change in heard})
    rows = [
        _row(change, reader)
        for change in heard
        for reader in sorted(told[change.application_id, change.topic])
        if rights.may(reader, ACTS[change.topic], change.person_id, change.application_id)
    ]
    if rows:
        once = upsert(session, News).on_conflict_do_nothing(
            index_elements=(News.person_id, News.event)
        )
        session.execute(once, rows)
    return len(rows)


def _subscribed(session: Any, application_ids: Collection[int]) -> Told:
    rows = session.execute(
        select(Participant.application_id, Preference.topic, Preference.person_id)
        .join(Preference, Preference.person_id == Participant.person_id)
        .where(Participant.application_id.in_(application_ids), Preference.wanted)
        .distinct()
    )
    found: Told = {}
    for application_id, topic, person_id in rows:
        found.setdefault((application_id, topic), set()).add(person_id)
    return found


def _row(change: Change, reader: int) -> dict[str, Any]:
    moment = now()
    return {
        "person_id": reader,
        "application_id": change.application_id,
        "topic": change.topic,
        "event": change.event,
        "urgent": change.urgent,
        "details": {**(change.details or {}), "about": change.person_id},
        "state": "new",
        "due_at": moment if change.urgent else moment + WINDOW,
        "created_at": moment,
    }


def _by_application(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """In pieces with at most CHUNK applications each, those of one application together."""
    piece: list[Change] = []
    seen: set[int] = set()
    for change in sorted(changes, key=lambda each: each.application_id):
        if len(seen) == CHUNK and change.application_id not in seen:
            yield piece
            piece, seen = [], set()
        seen.add(change.application_id)
        piece.append(change)
    if piece:
        yield piece
