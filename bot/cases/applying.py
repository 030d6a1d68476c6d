"""One batch of records applied, in their order, to what is stored about their applications."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from bot.cases.differences import first_events, merged_landing, new_events, wanted_rows
from bot.cases.entries import HistoryEntry, Record
from bot.cases.lines import line_of
from bot.cases.news import news_of
from bot.cases.people import KnownPerson, People
from bot.cases.reasons import because
from bot.cases.state import Case, Rows, load_cases, load_rows
from bot.notices.telling import Change
from bot.store import Application, keys_of

ADDED, UPDATED, UNCHANGED = "added", "updated", "unchanged"


class Applying:
    """The applications and people of a batch, read once, then changed in memory record by record.

    The order of records decides, not where batches end: two versions of one application may stand
    in one batch. `news` is what people are to be told of it.
    """

    def __init__(self, session: Any, records: list[Record]) -> None:
        self.news: list[Change] = []
        self._keys = keys_of(session)
        self._last_id = session.execute(select(func.max(Application.id))).scalar() or 0
        self.cases = load_cases(session, (record.number for record in records))
        newer = [record for record in records if self._is_newer(record)]
        differing = {record.number for record in newer if self._differs(record)}
        load_rows(session, [self.cases[number] for number in sorted(differing)])
        self.people = People(session)
        participants = [
            key[0] for case in self.cases.values() for key in case.tables.get("participant", ())
        ]
        self.people.load(session, newer, participants)

    def apply(self, record: Record) -> str:
        """Bring one record in; returns ADDED, UPDATED or UNCHANGED.

        Raises:
            BadRecord: its number or one of its identifiers belongs to something else. Nothing of
                the record was brought in then.
        """
        case = self.cases.get(record.number)
        if case is None:
            return self._add(record)
        if record.as_of <= case.as_of:
            return UNCHANGED
        if line_of(case.line).product != line_of(record.line).product:
            raise because("product_changed", number=record.number, line=case.line)
        if record.fingerprint == case.fingerprint:
            return self._confirm(case, record)
        return self._update(case, record)

    def _is_newer(self, record: Record) -> bool:
        case = self.cases.get(record.number)
        return case is None or record.as_of > case.as_of

    def _differs(self, record: Record) -> bool:
        case = self.cases.get(record.number)
        return case is not None and record.fingerprint != case.fingerprint

    def _add(self, record: Record) -> str:
        matches = self.people.match(record, [])
        people, _ = self.people.take(record, matches)
        self._last_id += 1
        case = Case.added(self._last_id, record)
        case.tables = wanted_rows(record, people, self._keys)
        case.events = first_events(record)
        self.cases[record.number] = case
        return ADDED

    def _confirm(self, case: Case, record: Record) -> str:
        """The same content at a later moment: only versions move on."""
        self.people.take(record, self.people.match(record, []), add=False)
        case.take(record)
        return UNCHANGED

    def _update(self, case: Case, record: Record) -> str:
        matches = self.people.match(record, self._own(case))
        people, details = self.people.take(record, matches)
        rows = wanted_rows(record, people, self._keys)
        rows["landing"] = merged_landing(case.tables["landing"], rows["landing"], people)
        events = new_events(case, record, rows)
        self.news += news_of(case, record, rows)
        differing = {name for name in rows if rows[name] != case.tables[name]}
        changed = case.take(record) or details or bool(differing)
        if changed and not events:
            events = [HistoryEntry(record.updated_on, "updated")]
        case.tables, case.events = rows, case.events + events
        case.changed |= differing
        return UPDATED if changed else UNCHANGED

    def _own(self, case: Case) -> list[KnownPerson]:
        participants: Rows = case.tables["participant"]
        return [self.people.by_id[person_id] for person_id, _ in participants]
