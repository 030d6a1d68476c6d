"""One person with a file, and how she gets her code."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone

from sqlalchemy import select

from bot.store import Application, Database, Outbound, Participant, Person
from bot.store.keys import BlindIndex
from tests.conftest import SECRET_KEY

MOMENT = datetime(2026, 3, 1, tzinfo=timezone.utc)
DETAILS = {
    "uci": "0000-0101",
    "number": "F000000101",
    "family_name": "Lefebvre",
    "given_names": "Zoé",
    "birth_date": "1990-02-01",
    "birth_place": "Montréal",
}


def add_zoe(database: Database) -> None:
    with database.write() as session:
        person = Person(uci="00000101", family_name="Lefebvre", given_names="Zoé",
                        birth_date=date(1990, 2, 1), birth_place="Montréal", language="fr",
                        email="zoe@example.ca", as_of=MOMENT)  # fmt: skip
        application = Application(number="F000000101", line="family_partner", overall="received",
                                  received_on=date(2026, 1, 1), updated_on=date(2026, 1, 1),
                                  as_of=MOMENT, fingerprint=b"x" * 16)  # fmt: skip
        session.add_all([person, application])
        session.flush()
        lookup = BlindIndex(SECRET_KEY).of("00000101", "F000000101")
        session.add(Participant(application_id=application.id, person_id=person.id,
                                role="principal_applicant", lookup=lookup))  # fmt: skip


def mailed_code(database: Database) -> str:
    """The newest code that was written to her."""
    with database.read() as session:
        mail = session.scalars(
            select(Outbound).where(Outbound.text != "").order_by(Outbound.id.desc())
        ).first()
    found = re.search(r"\d{4} \d{4}", mail.text)
    assert found
    return found.group()
