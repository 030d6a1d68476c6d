"""Read one case as the person concerned may see it. A fixed number of queries, whatever its size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.cases.lines import line_of
from bot.cases.times import latest_time
from bot.store import Application, Document, History, Landing, Participant, Requirement, Section


@dataclass(frozen=True)
class SectionView:
    code: str
    status: str
    changed_on: date


@dataclass(frozen=True)
class RequirementView:
    """Something still asked of the person; `days_left` is negative once the date has passed."""

    code: str
    asked_on: date
    due_on: date | None
    days_left: int | None


@dataclass(frozen=True)
class HistoryView:
    on: date
    event: str
    subject: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class TimeView:
    """A published time; `unit` is days | months, `sample` marks a demo figure."""

    value: int
    unit: str
    as_of: date
    url_en: str
    url_fr: str
    sample: bool


@dataclass(frozen=True)
class CaseView:
    """A case for one person: `requirements` are theirs only; `late` is None when it cannot be said
    (no published time, or the case is closed)."""

    number: str
    line: str
    product: str
    stream: str | None
    overall: str
    received_on: date
    acknowledged_on: date | None
    updated_on: date
    sections: tuple[SectionView, ...]
    documents: tuple[SectionView, ...]
    requirements: tuple[RequirementView, ...]
    others_waiting: bool
    history: tuple[HistoryView, ...]
    roles: tuple[str, ...]
    landing_stage: str | None
    processing_time: TimeView | None
    service_standard: TimeView | None
    months_since_received: int
    late: bool | None


def read_case(session: Any, application_id: int, person_id: int, today: date) -> CaseView:
    """The case of `application_id` as `person_id` sees it.

    Raises:
        LookupError: there is no such application.
    """
    row = session.get(Application, application_id)
    if row is None:
        raise LookupError(f"no application {application_id}")
    line = line_of(row.line)
    mine, others = _requirements(session, application_id, person_id, today)
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
        requirements=mine,
        others_waiting=others,
        history=_history(session, application_id),
        roles=_roles(session, application_id, person_id),
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


def _states(
    session: Any, table: Any, application_id: int, order: tuple[str, ...]
) -> tuple[SectionView, ...]:
    rows = session.scalars(select(table).where(table.application_id == application_id)).all()
    rank = {code: place for place, code in enumerate(order)}
    ordered = sorted(rows, key=lambda r: (rank.get(r.code, len(rank)), r.code))
    return tuple(SectionView(r.code, r.status, r.changed_on) for r in ordered)


def _requirements(
    session: Any, application_id: int, person_id: int, today: date
) -> tuple[tuple[RequirementView, ...], bool]:
    """What is open for this person, soonest first, and whether anything is for somebody else."""
    rows = session.scalars(
        select(Requirement).where(
            Requirement.application_id == application_id, Requirement.met_on.is_(None)
        )
    ).all()
    mine = [r for r in rows if r.person_id == person_id]
    views = [
        RequirementView(r.code, r.asked_on, r.due_on, (r.due_on - today).days if r.due_on else None)
        for r in sorted(mine, key=lambda r: (r.due_on or date.max, r.code))
    ]
    return tuple(views), len(mine) < len(rows)


def _history(session: Any, application_id: int) -> tuple[HistoryView, ...]:
    rows = session.scalars(
        select(History)
        .where(History.application_id == application_id)
        .order_by(History.on, History.position)
    )
    return tuple(HistoryView(r.on, r.event, r.subject, r.before, r.after) for r in rows)


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
    (knowledge: domain, section 4.3)."""
    if time is None:
        return None
    if time.unit == "days":
        return (today - received_on).days > time.value
    return _months(received_on, today) >= time.value
