"""People across applications: one row per UCI or party ID, kept at their newest version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from bot.cases.entries import PersonEntry, Record
from bot.cases.reasons import at, because
from bot.cases.state import chunks
from bot.store import Keys, Person, keys_of
from bot.store.cases import as_date, person_columns
from bot.store.normal import normal_name

_BY_PARTY_ID = ("representative", "designated_person")
# What a newer record may change of a known person.
DETAILS = (
    "family_name", "given_names", "birth_date", "birth_place", "language", "email", "phone",
)  # fmt: skip


@dataclass
class KnownPerson:
    id: int
    uci: str | None
    party_id: str | None
    family_name: str
    given_names: str
    birth_date: date | None
    birth_place: str | None
    language: str
    email: str | None
    phone: str | None
    as_of: datetime
    is_new: bool = False
    changed: bool = False

    def identifier_as(self, role: str) -> str | None:
        """What a person in this role identifies with: a party ID for those who act by a mandate,
        the UCI for the others."""
        return self.party_id if role in _BY_PARTY_ID else self.uci

    @classmethod
    def stored(cls, row: Any) -> KnownPerson:
        """The person of a row (id, details, language, as_of)."""
        details = {**row.details, "birth_date": as_date(row.details["birth_date"])}
        return cls(id=row.id, language=row.language, as_of=row.as_of, **details)

    def columns(self, keys: Keys) -> dict[str, Any]:
        """The row to store."""
        return {"id": self.id, "language": self.language, "as_of": self.as_of,
                **person_columns(keys, vars(self))}  # fmt: skip

    def same_details(self, entry: PersonEntry) -> bool:
        return all(getattr(self, name) == getattr(entry, name) for name in DETAILS)

    def same_person(self, entry: PersonEntry) -> bool:
        """By name and birth date: how people of one file are told apart without identifiers."""
        return self.birth_date == entry.birth_date and _name(self) == _name(entry)

    def surely_another(self, entry: PersonEntry) -> bool:
        """Family name, given names and birth date all differ: not a correction, another person."""
        if None in (self.birth_date, entry.birth_date) or self.birth_date == entry.birth_date:
            return False
        return not any(mine == other for mine, other in zip(_name(self), _name(entry), strict=True))


Matches = list[KnownPerson | None]


class People:
    """The people that one batch may touch."""

    def __init__(self, session: Any) -> None:
        self.by_id: dict[int, KnownPerson] = {}
        self._by_uci: dict[str, KnownPerson] = {}
        self._by_party: dict[str, KnownPerson] = {}
        self._last_id: int = session.execute(select(func.max(Person.id))).scalar() or 0

    def load(self, session: Any, records: list[Record], ids: Iterable[int]) -> None:
        """Read whoever the records name, and the people with these ids."""
        keys = keys_of(session)
        entries = [person for record in records for person in record.people]
        ucis = {i for e in entries if e.uci for i in keys.indexes("uci", e.uci)}
        parties = {i for e in entries if e.party_id for i in keys.indexes("party", e.party_id)}
        self._load(session, Person.uci_index, ucis)
        self._load(session, Person.party_index, parties)
        self._load(session, Person.id, set(ids) - set(self.by_id))

    def match(self, record: Record, own: list[KnownPerson]) -> Matches:
        """For each person of the record the known one, or None; `own` are those of the file.

        Raises:
            BadRecord: an identifier belongs to somebody else.
        """
        matches = [self._match(index, entry, own) for index, entry in enumerate(record.people)]
        seen: dict[int, int] = {}
        for index, match in enumerate(matches):
            if match is not None and seen.setdefault(match.id, index) != index:
                raise because(
                    "same_person", first=at("people", seen[match.id]), second=at("people", index)
                )
        return matches

    def take(
        self, record: Record, matches: Matches, *, add: bool = True
    ) -> tuple[list[KnownPerson], bool]:
        """Bring the record's people in: (the people in its order, whether a detail changed).

        A known person is changed by a newer record only. Without `add` unknown ones are left out.
        """
        people, changed = [], False
        for entry, match in zip(record.people, matches, strict=True):
            if match is None and add:
                match = self._add(entry, record.as_of)
            elif match is not None and record.as_of > match.as_of:
                changed |= self._update(match, entry, record.as_of)
            if match is not None:
                people.append(match)
        return people, changed

    def _load(self, session: Any, column: Any, values: set[Any]) -> None:
        query = select(Person.id, Person.details, Person.language, Person.as_of)
        for chunk in chunks(sorted(values)):
            for row in session.execute(query.where(column.in_(chunk))):
                if row.id not in self.by_id:
                    self._know(KnownPerson.stored(row))

    def _match(self, index: int, entry: PersonEntry, own: list[KnownPerson]) -> KnownPerson | None:
        by_uci = self._by_uci.get(entry.uci) if entry.uci else None
        by_party = self._by_party.get(entry.party_id) if entry.party_id else None
        place = at("people", index)
        if by_uci and by_party and by_uci is not by_party:
            raise because("two_people", field=place)
        found = by_uci or by_party
        if found is None:
            found = next((person for person in own if _may_be(person, entry)), None)
        elif found.surely_another(entry):
            raise because("other_person", field=place)
        clash = _clash(found, entry) if found is not None else None
        if clash:
            raise because("other_identifier", field=f"{place} › {clash}")
        return found

    def _add(self, entry: PersonEntry, as_of: datetime) -> KnownPerson:
        self._last_id += 1
        details = {name: getattr(entry, name) for name in ("uci", "party_id", *DETAILS)}
        person = KnownPerson(id=self._last_id, as_of=as_of, is_new=True, **details)
        return self._know(person)

    def _update(self, person: KnownPerson, entry: PersonEntry, as_of: datetime) -> bool:
        known = person.uci, person.party_id
        person.uci, person.party_id = person.uci or entry.uci, person.party_id or entry.party_id
        differs = known != (person.uci, person.party_id) or not person.same_details(entry)
        for name in DETAILS:
            setattr(person, name, getattr(entry, name))
        person.as_of, person.changed = as_of, True
        self._know(person)
        return differs

    def _know(self, person: KnownPerson) -> KnownPerson:
        self.by_id[person.id] = person
        if person.uci:
            self._by_uci[person.uci] = person
        if person.party_id:
            self._by_party[person.party_id] = person
        return person


def _name(person: KnownPerson | PersonEntry) -> tuple[str, str]:
    return normal_name(person.family_name), normal_name(person.given_names)


def _may_be(person: KnownPerson, entry: PersonEntry) -> bool:
    """An identifier may be new for somebody of the file, but never another one."""
    return person.same_person(entry) and not _clash(person, entry)


def _clash(person: KnownPerson, entry: PersonEntry) -> str | None:
    """The identifier of the two that is known and given, and not the same."""
    for name in ("uci", "party_id"):
        known, given = getattr(person, name), getattr(entry, name)
        if known and given and known != given:
            return name
    return None
