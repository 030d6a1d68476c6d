"""What is shown of a case: plain values, no rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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


@dataclass(frozen=True)
class ApplicationEntry:
    """An application that a person stands on, with the roles that the person has there."""

    application_id: int
    product: str
    line: str
    roles: tuple[str, ...]
