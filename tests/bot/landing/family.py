"""A family of four at the invitation: mother (principal applicant), father, a son of 16, a
daughter of 8; and somebody who represents them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.addresses import Address
from bot.clock import now, today
from bot.landing.place import Actor, Place
from bot.store import AddressChange, Database, Landing, PostalAddress
from tests.support.files import add_application, add_mandate, add_person, add_seat

HOME = Address("123 Main St", "4B", "Ottawa", "ON", "K1A 0B1")
OTHER_HOME = Address("250, rue Principale", "", "Gatineau", "QC", "J8X 2K1")


@dataclass(frozen=True)
class Family:
    """Person ids, and the application."""

    application: int
    mother: int
    father: int
    son: int
    daughter: int
    representative: int

    def place(self, person_id: int) -> Place:
        return Place(self.application, person_id)


def add_family(session: Any, stage: str = "invited") -> Family:
    application = add_application(session, line="family_spouse", overall="closed")
    years = today().year
    people = {
        "mother": add_person(session, given_names="Amina", birth_date=date(1988, 3, 1)),
        "father": add_person(session, given_names="Karim", birth_date=date(1986, 5, 2)),
        "son": add_person(
            session, given_names="Sami", birth_date=date(years - 16, 1, 1), email=None
        ),
        "daughter": add_person(
            session, given_names="Lina", birth_date=date(years - 8, 1, 1), email=None
        ),
    }
    for name, person in people.items():
        role = "principal_applicant" if name == "mother" else "dependant"
        add_seat(session, application, person, role)
        session.add(
            Landing(
                application_id=application.id, person_id=person.id, stage=stage, changed_on=today()
            )
        )
    helper = add_person(session, uci=None, party_id="R5550001", given_names="Ngozi")
    add_seat(session, application, helper, "representative")
    add_mandate(session, application, helper)
    session.flush()
    ids = {name: person.id for name, person in people.items()}
    return Family(application.id, representative=helper.id, **ids)


def by(person_id: int, conversation: str | None = None) -> Actor:
    return Actor(person_id=person_id, conversation_id=conversation)


def give_record_address(session: Any, person_id: int, address: Address = HOME) -> None:
    session.add(PostalAddress(person_id=person_id, value=address.to_json(), since=now()))
    session.flush()


def changes_of(database: Database, person_id: int) -> list[AddressChange]:
    from sqlalchemy import select

    with database.read() as session:
        query = select(AddressChange).where(AddressChange.person_id == person_id)
        return list(session.scalars(query.order_by(AddressChange.created_at)))
