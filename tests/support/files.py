"""People and applications put straight into the database, as an import would leave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timezone
from itertools import count
from typing import Any

from bot.store import Application, Mandate, Participant, Person, keys_of
from bot.store.cases import DETAILS, person_columns

MOMENT = datetime(2026, 3, 1, tzinfo=timezone.utc)
DAY = date(2026, 1, 1)
_BY_PARTY_ID = ("representative", "designated_person")
_numbers = count(101)


def add_person(session: Any, *, language: str = "en", **details: Any) -> Person:
    """A person; what `details` (names of store.cases.DETAILS) leaves out is invented."""
    number = next(_numbers)
    usual = {
        "uci": f"{number:08d}",
        "family_name": "Tremblay",
        "given_names": "Camille",
        "birth_date": date(1990, 2, 1),
        "birth_place": "Québec",
        "email": f"person{number}@example.org",
    }
    known = {**dict.fromkeys(DETAILS), **usual, **details}
    person = Person(language=language, as_of=MOMENT, **person_columns(keys_of(session), known))
    session.add(person)
    session.flush()
    return person


def add_application(
    session: Any, number: str | None = None, line: str = "family_spouse", **values: Any
) -> Application:
    """An application that was received and has nobody on it yet."""
    known = number or f"F{next(_numbers):09d}"
    usual = {"overall": "received", "received_on": DAY, "updated_on": DAY, "as_of": MOMENT}
    application = Application(
        number=known,
        number_index=keys_of(session).index("number", known),
        line=line,
        fingerprint=b"x" * 16,
        **{**usual, **values},
    )
    session.add(application)
    session.flush()
    return application


def add_seat(
    session: Any,
    application: Application,
    person: Person,
    role: str = "principal_applicant",
    consent_on: date | None = None,
) -> None:
    """The person's place on the application."""
    identifier = person.party_id if role in _BY_PARTY_ID else person.uci
    lookup = None
    if identifier:
        lookup = keys_of(session).index("lookup", identifier, application.number)
    session.add(
        Participant(
            application_id=application.id,
            person_id=person.id,
            role=role,
            lookup=lookup,
            consent_on=consent_on,
        )
    )
    session.flush()


def add_mandate(
    session: Any, application: Application, person: Person, form: str = "IMM5476", **values: Any
) -> None:
    """A mandate in force, unless `values` says otherwise."""
    usual = {"scope": "all", "signed_on": DAY}
    session.add(
        Mandate(
            application_id=application.id, person_id=person.id, form=form, **{**usual, **values}
        )
    )
    session.flush()


@dataclass(frozen=True)
class Zoe:
    """One applicant with one application: what she types into the form."""

    uci: str = "0000-0777"
    number: str = "F000000777"
    family_name: str = "Lefebvre-N’Guyen"
    given_names: str = "Zoé"
    birth_date: str = "1990-02-01"
    birth_place: str = "Montréal"


def add_zoe(session: Any) -> Person:
    zoe = Zoe()
    person = add_person(
        session,
        language="fr",
        uci="00000777",
        family_name=zoe.family_name,
        given_names=zoe.given_names,
        birth_date=date(1990, 2, 1),
        birth_place=zoe.birth_place,
        email="zoe@example.ca",
    )
    add_seat(session, add_application(session, zoe.number, "family_partner"), person)
    return person
