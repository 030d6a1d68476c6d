"""Read one case as one person on it may see it, in a fixed number of queries whatever its size.

Who may read which application at all is decided before, by the identity service.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.cases.lines import line_of
from bot.cases.times import latest_time
from bot.cases.views import (
    ApplicationEntry,
    CaseView,
    HistoryView,
    RequirementView,
    SectionView,
    TimeView,
)
from bot.store import Application, Document, History, Landing, Participant, Requirement, Section

__all__ = [
    "ApplicationEntry", "CaseView", "HistoryView", "RequirementView", "SectionView", "TimeView",
    "applications_of", "read_case",
]  # fmt: skip


def read_case(session: Any, application_id: int, person_id: int, today: date) -> CaseView:
    """The case of `application_id` as `person_id` sees it on the day `today`.

    Raises:
        LookupError: there is no such application, or the person is not on it.
    """
    row = session.get(Application, application_id)
    roles = _roles(session, application_id, person_id)
    if row is None or not roles:
        raise LookupError(f"no application {application_id} of person {person_id}")
    line = line_of(row.line)
    asked = _requirements(session, application_id)
    mine = [entry for entry in asked if entry.person_id == person_id]
    time = latest_time(session, row.line, row.stream, "processing_time")
    standard = latest_time(session, row.line, row.stream, "service_standard")
    return CaseView(
        number=row.number,
        line=row.line,
        product=line.product,
        stream=row.stream,
        overall=row.overall,
        received_on=row.received_on,
        acknowledged_on=row.acknowledged_on,
        updated_on=row.updated_on,
        sections=_states(session, Section, application_id, line.sections),
        documents=_states(session, Document, application_id, ()),
        requirements=_open(mine, today),
        others_waiting=any(e.met_on is None for e in asked if e.person_id != person_id),
        history=_history(session, application_id, mine),
        roles=roles,
        landing_stage=session.scalar(
            select(Landing.stage).where(
                Landing.application_id == application_id, Landing.person_id == person_id
            )
        ),
        processing_time=_time_view(time),
        service_standard=_time_view(standard),
        months_since_received=_months(row.received_on, today),
        late=None if row.overall == "closed" else _is_late(row.received_on, time, today),
    )


def applications_of(session: Any, person_id: int) -> list[ApplicationEntry]:
    """Every application that the person stands on, the one received last first."""
    rows = session.execute(
        select(Application.id, Application.line, Participant.role)
        .join(Participant, Participant.application_id == Application.id)
        .where(Participant.person_id == person_id)
        .order_by(Application.received_on.desc(), Application.id, Participant.role)
    )
    roles: dict[tuple[int, str], list[str]] = {}
    for application_id, line, role in rows:
        roles.setdefault((application_id, line), []).append(role)
    return [
        ApplicationEntry(application_id, line_of(line).product, line, tuple(names))
        for (application_id, line), names in roles.items()
    ]


def _states(
    session: Any, table: Any, application_id: int, order: tuple[str, ...]
) -> tuple[SectionView, ...]:
    rows = session.scalars(select(table).where(table.application_id == application_id)).all()
    rank = {code: place for place, code in enumerate(order)}
    ordered = sorted(rows, key=lambda r: (rank.get(r.code, len(rank)), r.code))
    return tuple(SectionView(r.code, r.status, r.changed_on) for r in ordered)


def _requirements(session: Any, application_id: int) -> list[Any]:
    return session.scalars(
        select(Requirement).where(Requirement.application_id == application_id)
    ).all()


def _open(mine: list[Any], today: date) -> tuple[RequirementView, ...]:
    """What is still asked of the person, soonest first."""
    waiting = sorted(
        (entry for entry in mine if entry.met_on is None),
        key=lambda entry: (entry.due_on or date.max, entry.code),
    )
    return tuple(
        RequirementView(e.code, e.asked_on, e.due_on, (e.due_on - today).days if e.due_on else None)
        for e in waiting
    )


def _history(session: Any, application_id: int, mine: list[Any]) -> tuple[HistoryView, ...]:
    """The history, newest last, without what was asked of other people of the file."""
    own = {("requirement_asked", entry.code, entry.asked_on) for entry in mine}
    own |= {("requirement_met", entry.code, entry.met_on) for entry in mine}
    rows = session.scalars(
        select(History)
        .where(History.application_id == application_id)
        .order_by(History.on, History.position)
    )
    return tuple(
        HistoryView(r.on, r.event, r.subject, r.before, r.after)
        for r in rows
        if not r.event.startswith("requirement_") or (r.event, r.subject, r.on) in own
    )


def _roles(session: Any, application_id: int, person_id: int) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            select(Participant.role)
            .where(Participant.application_id == application_id, Participant.person_id == person_id)
            .order_by(Participant.role)
        )
    )


def _time_view(row: Any) -> TimeView | None:
    if row is None:
        return None
    return TimeView(row.value, row.unit, row.as_of, row.url_en, row.url_fr, row.sample)


def _months(start: date, end: date) -> int:
    """Whole months from `start` to `end`."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _is_late(received_on: date, time: Any, today: date) -> bool | None:
    """Past the published time, counted from the day the complete application was received
    (knowledge: domain, section 4.3). The last day of that time is still within it."""
    if time is None:
        return None
    if time.unit == "days":
        return (today - received_on).days > time.value
    return today > _months_after(received_on, time.value)


def _months_after(start: date, months: int) -> date:
    """The same day `months` later, or the last one of a shorter month."""
    years, month = divmod(start.month - 1 + months, 12)
    last = monthrange(start.year + years, month + 1)[1]
    return date(start.year + years, month + 1, min(start.day, last))
