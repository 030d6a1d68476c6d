"""Read one case as one person on it may see it, in a fixed number of queries whatever its size.

Who may read which application, how far and about whom is decided before (bot/rights/readable.py).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.cases.asks import requirements_of, shown_history, still_asked, whose
from bot.cases.lateness import is_late, months_between
from bot.cases.lines import line_of
from bot.cases.times import latest_time
from bot.cases.views import (
    ApplicationEntry,
    CaseView,
    HistoryView,
    OwnPartView,
    RequirementView,
    SectionView,
    TimeView,
)
from bot.rights.authorize import Viewer, authorize
from bot.store import Application, Document, Landing, Participant, Section

__all__ = [
    "ApplicationEntry", "CaseView", "HistoryView", "OwnPartView", "RequirementView", "SectionView",
    "TimeView", "applications_of", "read_case", "read_own_part",
]  # fmt: skip


def read_case(
    session: Any,
    application_id: int,
    person_id: int,
    today: date,
    about: Collection[int] = frozenset(),
) -> CaseView:
    """The case of `application_id` as `person_id` sees it on the day `today`, with what is asked
    of the people in `about`.

    Raises:
        LookupError: there is no such application, or the person is not on it.
    """
    row, roles = _found(session, application_id, person_id)
    people = whose(session, person_id, about)
    asked = requirements_of(session, application_id)
    time = latest_time(session, row.line, row.stream, "processing_time")
    standard = latest_time(session, row.line, row.stream, "service_standard")
    return CaseView(
        number=row.number,
        line=row.line,
        product=line_of(row.line).product,
        stream=row.stream,
        overall=row.overall,
        received_on=row.received_on,
        acknowledged_on=row.acknowledged_on,
        updated_on=row.updated_on,
        sections=_states(session, Section, application_id, line_of(row.line).sections),
        documents=_states(session, Document, application_id, ()),
        requirements=still_asked(asked, people, today),
        others_waiting=any(e.met_on is None for e in asked if e.person_id not in people),
        history=shown_history(session, application_id, asked, people),
        roles=roles,
        landing_stage=_landing_stage(session, application_id, person_id),
        processing_time=_time_view(time),
        service_standard=_time_view(standard),
        months_since_received=months_between(row.received_on, today),
        late=None if row.overall == "closed" else is_late(row.received_on, time, today),
    )


def read_own_part(session: Any, application_id: int, person_id: int, today: date) -> OwnPartView:
    """That the application came in, and what is asked of `person_id` alone.

    Raises:
        LookupError: there is no such application, or the person is not on it.
    """
    row, _ = _found(session, application_id, person_id)
    asked = requirements_of(session, application_id)
    return OwnPartView(
        number=row.number,
        line=row.line,
        received_on=row.received_on,
        acknowledged_on=row.acknowledged_on,
        requirements=still_asked(asked, {person_id: None}, today),
    )


def applications_of(session: Any, person_id: int) -> list[ApplicationEntry]:
    """Every application that the person stands on, the one received last first."""
    rows = session.execute(
        select(Application.id, Application.number, Application.line, Participant.role)
        .join(Participant, Participant.application_id == Application.id)
        .where(Participant.person_id == person_id)
        .order_by(Application.received_on.desc(), Application.id, Participant.role)
    )
    roles: dict[tuple[int, str, str], list[str]] = {}
    for application_id, number, line, role in rows:
        roles.setdefault((application_id, number, line), []).append(role)
    return [
        ApplicationEntry(application_id, number, line_of(line).product, line, tuple(names))
        for (application_id, number, line), names in roles.items()
    ]


def _found(session: Any, application_id: int, person_id: int) -> tuple[Any, tuple[str, ...]]:
    """(the application, the roles of the person on it)."""
    row = session.get(Application, application_id)
    roles = session.scalars(
        select(Participant.role)
        .where(Participant.application_id == application_id, Participant.person_id == person_id)
        .order_by(Participant.role)
    ).all()
    if row is None or not roles:
        raise LookupError(f"no application {application_id} of person {person_id}")
    return row, tuple(roles)


def _states(
    session: Any, table: Any, application_id: int, order: tuple[str, ...]
) -> tuple[SectionView, ...]:
    rows = session.scalars(select(table).where(table.application_id == application_id)).all()
    rank = {code: place for place, code in enumerate(order)}
    ordered = sorted(rows, key=lambda r: (rank.get(r.code, len(rank)), r.code))
    return tuple(SectionView(r.code, r.status, r.changed_on) for r in ordered)


def _landing_stage(session: Any, application_id: int, person_id: int) -> str | None:
    """The reader's own stage. The right is asked here, beside the row, so that no way of reading
    a case can go round it (knowledge: security, T09)."""
    stage = session.scalar(
        select(Landing.stage).where(
            Landing.application_id == application_id, Landing.person_id == person_id
        )
    )
    if stage is None:
        return None
    right = authorize(session, Viewer(person_id), "read_landing", person_id, application_id)
    return str(stage) if right.allowed else None


def _time_view(row: Any) -> TimeView | None:
    if row is None:
        return None
    return TimeView(row.value, row.unit, row.as_of, row.url_en, row.url_fr, row.sample)
