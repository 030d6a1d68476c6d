"""Invented applications whose statuses, dates, requirements and people fit together."""

from __future__ import annotations

from operator import itemgetter
from typing import Any, NamedTuple

from bot.cases.invented.people import Inventor, iso
from bot.cases.lines import line_of

# What is asked for, and the section that waits until it is there.
_ASKED_FOR = {
    "eligibility": ("proof_of_relationship", "passport"),
    "medical_exam": ("medical_exam",),
    "background_verification": ("police_certificate",),
    "biometrics": ("biometrics",),
    "language_skills": ("language_proof",),
    "physical_presence": ("presence_proof",),
    "prohibitions": ("fingerprints",),
}
_MAY_BE_EXEMPTED = {"medical_exam", "biometrics", "language_skills", "citizenship_test"}
_MEDICAL_DOCUMENT = {
    "not_started": "requested",
    "waiting_on_you": "requested",
    "in_progress": "received",
    "completed": "passed",
    "exempted": "not_required",
}
_CONFIRMED = {"confirmed", "card_ordered", "card_mailed"}

Event = tuple[int, str, "str | None", "str | None", "str | None"]


class Plan(NamedTuple):
    """What the case is to be. `today` is an ordinal; `stage` a landing stage of a closed case."""

    line: str
    stream: str | None
    overall: str
    today: int
    acknowledged: bool = True
    stage: str | None = None


class Course:
    """The course of one application: its events, sections, documents and requirements."""

    def __init__(self, inventor: Inventor, plan: Plan) -> None:
        self._inventor, self._plan = inventor, plan
        self.sections: dict[str, dict[str, str]] = {}
        self.documents: dict[str, dict[str, str]] = {}
        self.requirements: list[dict[str, str]] = []
        self.received = plan.today - self._age()
        self.acknowledged = self.received + inventor.between(8, 40) if plan.acknowledged else None
        self.events: list[Event] = [(self.received, "received", None, None, None)]
        if self.acknowledged is not None:
            self.events.append((self.acknowledged, "acknowledged", None, None, None))
            self._review(self.acknowledged)
        self.ended = self._ending()
        self.events.sort(key=itemgetter(0))

    def history(self) -> list[dict[str, str]]:
        entries = []
        for on, event, subject, before, after in self.events:
            entry = {"on": iso(on), "event": event}
            if subject:
                entry["subject"] = subject
            if before:
                entry["before"] = before
            if after:
                entry["after"] = after
            entries.append(entry)
        return entries

    def _age(self) -> int:
        """Days since the application was received."""
        low, high = {"received": (45, 120), "in_progress": (90, 900), "closed": (400, 1500)}[
            self._plan.overall
        ]
        return self._inventor.between(low, high)

    def _review(self, start: int) -> None:
        plan, rnd = self._plan, self._inventor.rnd
        codes = line_of(plan.line).sections
        if plan.overall == "received":
            self.sections = {
                code: {"status": "not_started", "changed_on": iso(start)} for code in codes
            }
            return
        self.events.append((start + 1, "overall", None, "received", "in_progress"))
        done = 1.0 if plan.overall == "closed" and (plan.stage or rnd() < 0.7) else rnd()
        last = plan.today - (30 if plan.overall == "closed" else 1)
        for code in codes:
            self._section(code, start + 1, last, done)

    def _section(self, code: str, start: int, last: int, done: float) -> None:
        """One section, from `start` to `last`; `done` is how far the whole file is, 0 to 1."""
        between, luck = self._inventor.between, self._inventor.rnd()
        begun = between(start, last)
        if code in _MAY_BE_EXEMPTED and luck < 0.08:
            self._move(code, start, "not_started", "exempted")
        elif done >= luck:
            self._move(code, begun, "not_started", "in_progress")
            asked = done < 1.0 and luck > 0.6 * done and code in _ASKED_FOR
            closed = self._plan.overall == "closed"
            if asked and luck > 0.8 * done and not closed:
                self._ask(code, between(begun, last), None)
                self._move(code, self._asked_on, "in_progress", "waiting_on_you")
            elif asked and not closed:
                self._ask(code, begun, between(begun, last))
            elif done >= 1.0 or luck < 0.7 * done:
                self._move(code, between(begun, last), "in_progress", "completed")
        else:
            self.sections[code] = {"status": "not_started", "changed_on": iso(start)}
        if code == "medical_exam":
            state = self.sections[code]
            self.documents[code] = {**state, "status": _MEDICAL_DOCUMENT[state["status"]]}

    def _move(self, code: str, on: int, before: str, after: str) -> None:
        self.sections[code] = {"status": after, "changed_on": iso(on)}
        self.events.append((on, "section", code, before, after))

    def _ask(self, section: str, asked: int, met: int | None) -> None:
        code = self._inventor.pick(_ASKED_FOR[section])
        # An open one is mostly still due ahead; a few people are late.
        due = max(asked, self._plan.today + self._inventor.between(-15, 60))
        entry = {"code": code, "person": "pa", "asked_on": iso(asked), "due_on": iso(due)}
        self.events.append((asked, "requirement_asked", code, None, None))
        if met is not None:
            entry["due_on"] = iso(met + 14)
            entry["met_on"] = iso(met)
            self.events.append((met, "requirement_met", code, None, None))
        self.requirements.append(entry)
        self._asked_on = asked

    def _ending(self) -> int:
        """The day of the last change; closes the file where the plan says so."""
        if self._plan.overall != "closed":
            return max(event[0] for event in self.events)
        end = self._plan.today - self._inventor.between(1, 29)
        self.events.append((end, "overall", None, "in_progress", "closed"))
        if self._plan.stage in _CONFIRMED:
            code = "confirmation_of_permanent_residence"
            self.documents[code] = {"status": "issued", "changed_on": iso(end)}
            self.events.append((end, "document", code, None, "issued"))
        return end


def write_case(
    inventor: Inventor, plan: Plan, people: list[dict[str, Any]], mandates: list[dict[str, Any]]
) -> dict[str, Any]:
    """The import record of an application of these people."""
    course = Course(inventor, plan)
    record: dict[str, Any] = {
        "application_number": inventor.identifiers.number(
            "C" if plan.line.startswith("citizenship") else "F"
        ),
        "line": plan.line,
        "received_on": iso(course.received),
        "overall": plan.overall,
        "updated_on": iso(course.ended),
        "as_of": f"{iso(course.ended)}T{inventor.between(10, 23)}:{inventor.between(10, 59)}:00Z",
        "sections": course.sections,
        "documents": course.documents,
        "history": course.history(),
        "people": people,
        "requirements": course.requirements,
        "mandates": mandates,
        "landing": [
            {"person": person["ref"], "stage": plan.stage, "changed_on": iso(course.ended)}
            for person in people
            if plan.stage and {"principal_applicant", "dependant"} & set(person["roles"])
        ],
    }
    if plan.stream:
        record["stream"] = plan.stream
    if course.acknowledged is not None:
        record["acknowledged_on"] = iso(course.acknowledged)
    return record
