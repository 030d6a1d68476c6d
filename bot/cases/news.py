"""What of a newer record is news to people: not each change, and never a mere "last updated"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.cases.entries import Record
from bot.cases.state import Case, Rows
from bot.clock import today
from bot.notices.telling import Change
from bot.notices.topics import CARD, CONFIRMATION, PHOTO, REQUEST, STATUS, WAITING

_LANDING = {"returned": PHOTO, "confirmed": CONFIRMATION, "card_mailed": CARD}
# Asked for today, due tomorrow: that does not wait for the morning.
_AT_ONCE = timedelta(days=1)


def news_of(case: Case, record: Record, rows: dict[str, Rows]) -> list[Change]:
    """What to tell of `record`, whose wanted rows are `rows`, against the stored `case`.

    The moment of the record's version is in each event's name: the same change twice is told
    twice, the same record once.
    """
    return [
        Change(who, topic, f"{topic}.{case.id}.{what}.{_stamp(record)}", case.id, urgent, details)
        for who, topic, what, urgent, details in (
            *_status(case, record),
            *_waiting(case.tables["section"], rows["section"]),
            *_requests(case.tables["requirement"], rows["requirement"]),
            *_landings(case.tables["landing"], rows["landing"]),
        )
    ]


_What = tuple["int | None", str, str, bool, "dict[str, str] | None"]


def _stamp(record: Record) -> int:
    return int(record.as_of.timestamp())


def _status(case: Case, record: Record) -> Iterator[_What]:
    if case.overall != record.overall:
        yield None, STATUS, "overall", False, None


def _waiting(stored: Rows, wanted: Rows) -> Iterator[_What]:
    for key, (status, _) in wanted.items():
        if status == "waiting_on_you" and stored.get(key, (None,))[0] != status:
            yield None, WAITING, key[0], False, None


def _requests(stored: Rows, wanted: Rows) -> Iterator[_What]:
    """Asked anew, or the date moved; what is met already is no news."""
    for key, (asked_on, due_on, met_on) in wanted.items():
        if met_on is None and stored.get(key, (None, None))[:2] != (asked_on, due_on):
            code, person_id = key
            yield (
                person_id,
                REQUEST,
                f"{person_id}.{code}",
                _is_urgent(due_on),
                _details(code, due_on),
            )


def _is_urgent(due_on: date | None) -> bool:
    return due_on is not None and timedelta(0) <= due_on - today() <= _AT_ONCE


def _details(code: str, due_on: date | None) -> dict[str, str]:
    """By the code it is found again when it is told: it may be met until then."""
    return {"code": code, **({"due_on": due_on.isoformat()} if due_on else {})}


def _landings(stored: Rows, wanted: Rows) -> Iterator[_What]:
    for key, (stage, _) in wanted.items():
        if stage in _LANDING and stored.get(key, (None,))[0] != stage:
            yield key[0], _LANDING[stage], str(key[0]), False, None
