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
    """Something still asked; `days_left` is negative once the date has passed, `whose` holds the
    given names of whom it is asked when that is not the reader."""

    code: str
    asked_on: date
    due_on: date | None
    days_left: int | None
    whose: str | None = None


@dataclass(frozen=True)
class HistoryView:
    """An event; `whose` as in RequirementView."""

    on: date
    event: str
    subject: str | None
    before: str | None
    after: str | None
    whose: str | None = None


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
    """A case for one reader: `requirements` and `history` name only people whom they may know
    about, `others_waiting` tells of the rest; `landing_stage` is the reader's own, if they may see
    it; `late` is None when it cannot be said (no published time, or the case is closed)."""

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
class OwnPartView:
    """What a sponsor sees of a case without the sponsored person's written consent: that it came
    in, and what is asked of the sponsor. It has no place for anything else."""

    number: str
    line: str
    received_on: date
    acknowledged_on: date | None
    requirements: tuple[RequirementView, ...]


@dataclass(frozen=True)
class ApplicationEntry:
    """An application that a person stands on, with the roles that the person has there."""

    application_id: int
    number: str
    product: str
    line: str
    roles: tuple[str, ...]
