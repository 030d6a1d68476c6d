"""Hand-written cases in few words: from the steps of a file to its import record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.cases.lines import line_of

# (days ago, event, subject, status after it); subject and status as the event needs them.
Step = tuple[int, str, "str | None", "str | None"]
Raw = dict[str, Any]


class Storyline:
    """Writes records whose sections, documents and history follow from the same steps."""

    def __init__(self, today: date) -> None:
        self._today = today

    def day(self, ago: int) -> str:
        """The ISO date so many days ago; a negative number lies ahead."""
        return (self._today - timedelta(days=ago)).isoformat()

    def file(
        self, number: str, line: str, steps: list[Step], people: list[Raw], **more: Any
    ) -> Raw:
        """The record of a file. `more`: stream, requirements, mandates, landing.

        Steps are oldest first. Sections that no step names have not started.
        """
        requirements = more.get("requirements", [])
        record: Raw = {
            "application_number": number,
            "line": line,
            "overall": "received",
            "as_of": f"{self.day(0)}T00:00:00Z",
            "sections": {},
            "documents": {},
            "people": people,
            **more,
        }
        history = [self._step(record, line, step) for step in steps]
        history += [entry for r in requirements for entry in _requirement_history(r)]
        record["history"] = sorted(history, key=lambda entry: str(entry["on"]))
        record["updated_on"] = record["history"][-1]["on"]
        return record

    def asked(self, code: str, person: str, ago: int, due_in: int, met: int | None = None) -> Raw:
        """A requirement asked `ago` days ago, due in `due_in` days, met `met` days ago."""
        entry = {
            "code": code,
            "person": person,
            "asked_on": self.day(ago),
            "due_on": self.day(-due_in),
        }
        return entry if met is None else {**entry, "met_on": self.day(met)}

    def _step(self, record: Raw, line: str, step: Step) -> Raw:
        ago, event, subject, after = step
        on = self.day(ago)
        entry: Raw = {"on": on, "event": event}
        if event == "received":
            record["received_on"] = on
        elif event == "acknowledged":
            record["acknowledged_on"] = on
            record["sections"] = {
                code: {"status": "not_started", "changed_on": on} for code in line_of(line).sections
            }
        elif event == "overall":
            entry.update(before=record["overall"], after=after)
            record["overall"] = after
        else:
            states = record["sections" if event == "section" else "documents"]
            before = states.get(subject, {}).get("status")
            states[subject] = {"status": after, "changed_on": on}
            entry.update(subject=subject, after=after)
            if before:
                entry["before"] = before
        return entry


def _requirement_history(entry: Raw) -> list[Raw]:
    asked = {"on": entry["asked_on"], "event": "requirement_asked", "subject": entry["code"]}
    if "met_on" not in entry:
        return [asked]
    return [asked, {"on": entry["met_on"], "event": "requirement_met", "subject": entry["code"]}]


def steps(
    *, received: int, acknowledged: int | None = None, review: int | None = None
) -> list[Step]:
    """The first steps of a file: days ago at which each happened."""
    first: list[Step] = [(received, "received", None, None)]
    if acknowledged is not None:
        first.append((acknowledged, "acknowledged", None, None))
    if review is not None:
        first.append((review, "overall", None, "in_progress"))
    return first


def sections(ago: int, status: str, *codes: str) -> list[Step]:
    """These sections take this status so many days ago."""
    return [(ago, "section", code, status) for code in codes]


def person(ref: str, roles: str, name: str, born: str, place: str, **more: Any) -> Raw:
    """A person: roles divided by spaces, the name as "FAMILY, Given"."""
    family, given = name.split(", ")
    return {
        "ref": ref,
        "roles": roles.split(),
        "family_name": family,
        "given_names": given,
        "birth_date": born,
        "birth_place": place,
        "language": "en",
        **more,
    }
