"""What is asked of whom on one application: only of the people whom the reader may know about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.cases.views import HistoryView, RequirementView
from bot.store import History, Person, Requirement

Whose = Mapping[int, "str | None"]  # person shown -> given names, None for the reader


def whose(session: Any, person_id: int, about: Collection[int]) -> Whose:
    """The people whose requests are shown to `person_id`, the reader first."""
    others = set(about) - {person_id}
    if not others:
        return {person_id: None}
    rows = session.execute(
        select(Person.id, Person.details).where(Person.id.in_(others)).order_by(Person.id)
    )
    return {person_id: None, **{row.id: row.details["given_names"] for row in rows}}


def requirements_of(session: Any, application_id: int) -> list[Any]:
    """Everything that was asked of anybody, met or not."""
    return session.scalars(
        select(Requirement).where(Requirement.application_id == application_id)
    ).all()


def still_asked(
    entries: Collection[Any], people: Whose, today: date
) -> tuple[RequirementView, ...]:
    """What is still asked of these people, soonest first."""
    waiting = sorted(
        (entry for entry in entries if entry.met_on is None and entry.person_id in people),
        key=lambda entry: (entry.due_on or date.max, entry.code, entry.person_id),
    )
    return tuple(
        RequirementView(
            e.code,
            e.asked_on,
            e.due_on,
            (e.due_on - today).days if e.due_on else None,
            people[e.person_id],
        )
        for e in waiting
    )


def shown_history(
    session: Any, application_id: int, entries: Collection[Any], people: Whose
) -> tuple[HistoryView, ...]:
    """The history, newest last, without what was asked of anybody but these people."""
    rows = session.scalars(
        select(History)
        .where(History.application_id == application_id)
        .order_by(History.on, History.position)
    )
    unnamed = _Unnamed(entries, people)
    shown = []
    for row in rows:
        names = None
        if str(row.event).startswith("requirement_"):
            asked_of: Any = unnamed.take(row) if row.person_id is None else row.person_id
            if asked_of not in people:
                continue
            names = people[asked_of]
        shown.append(HistoryView(row.on, row.event, row.subject, row.before, row.after, names))
    return tuple(shown)


class _Unnamed:
    """Exported events do not say whom something was asked of. Each is matched, once, with a
    request to the people shown; what is left over was asked of somebody else."""

    def __init__(self, entries: Collection[Any], people: Whose) -> None:
        self._open: dict[tuple[str, str, date], list[int]] = {}
        for person in people:
            for entry in (e for e in entries if e.person_id == person):
                self._add("requirement_asked", entry.code, entry.asked_on, person)
                if entry.met_on is not None:
                    self._add("requirement_met", entry.code, entry.met_on, person)

    def take(self, row: Any) -> int | None:
        """Whom the event was about; None when nobody shown."""
        found = self._open.get((row.event, row.subject, row.on))
        return found.pop(0) if found else None

    def _add(self, event: str, code: str, on: date, person: int) -> None:
        self._open.setdefault((event, code, on), []).append(person)
