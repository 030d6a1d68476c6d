"""Zoe on the way to her confirmation, with a daughter of eight, and what they send."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
from sqlalchemy import select, update

from bot.chat.conversations import open_conversation
from bot.clock import today
from bot.identity.sessions import open_session, verify_session
from bot.landing.members import member_ref
from bot.store import Application, Database, Landing, Line, Person
from tests.bot.identity.people import add_client
from tests.connectors.people import add_zoe
from tests.support.files import add_person, add_seat

ADDRESS = {"street": "123 main street", "unit": "4b", "city": "ottawa", "province": "Ontario",
           "postal_code": "k1a0b1"}  # fmt: skip
DECLARED = {"in_canada": "yes", "city": "Ottawa", "province": "ON", "since": "2024-05-01",
            "nothing_changed": "yes", "true": "yes"}  # fmt: skip
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Landers:
    """Person ids, and their application."""

    application: int
    zoe: int
    lina: int


def add_landers(database: Database, stage: str = "profile_ready") -> Landers:
    add_zoe(database)
    with database.write() as session:
        zoe = session.scalars(select(Person)).one()
        application = session.scalars(select(Application)).one()
        lina = add_person(
            session, given_names="Lina", email=None, birth_date=date(today().year - 8, 1, 1)
        )
        add_seat(session, application, lina, "dependant")
        for person in (zoe, lina):
            session.add(
                Landing(
                    application_id=application.id,
                    person_id=person.id,
                    stage=stage,
                    changed_on=today(),
                )
            )
        return Landers(int(application.id), int(zoe.id), int(lina.id))


def put(database: Database, stage: str, person_id: int | None = None) -> None:
    with database.write() as session:
        found = update(Landing).values(stage=stage)
        session.execute(found if person_id is None else found.where(Landing.person_id == person_id))


def stage_of(database: Database, person_id: int) -> str | None:
    with database.read() as session:
        return session.scalar(select(Landing.stage).where(Landing.person_id == person_id))


class Page:
    """The page of somebody who is signed in (or not: `person_id` None)."""

    def __init__(self, url: str, database: Database, person_id: int | None) -> None:
        self.database, self.person_id = database, person_id
        self.client = httpx.Client(base_url=url, headers={"Origin": url}, timeout=30)
        with database.write() as session:
            self.conversation = open_conversation(session, "web", "en")
            token = (
                open_session(session, self.conversation)
                if person_id is None
                else verify_session(session, self.conversation, person_id)
            )
        self.client.headers["Cookie"] = f"passage={token}"

    def ref(self, person_id: int | None = None) -> str:
        with self.database.read() as session:
            return member_ref(session, self.conversation, int(person_id or self.person_id or 0))

    def post(self, path: str, person_id: int | None = None, **body: Any) -> httpx.Response:
        """A form as the page sends it: with the member's name here and an id of its own."""
        usual = {"client_id": uuid.uuid4().hex, "member": self.ref(person_id)}
        return self.client.post(f"/api/chat/{path}", json={**usual, **body})

    def lines(self) -> list[dict[str, Any]]:
        with self.database.read() as session:
            query = select(Line).where(Line.conversation_id == self.conversation)
            rows = session.scalars(query.order_by(Line.number)).all()
        return [{"author": row.author, "client_id": row.client_id, **row.body} for row in rows]


@contextmanager
def page_of(url: str, database: Database, person_id: int | None) -> Iterator[Page]:
    page = Page(url, database, person_id)
    try:
        yield page
    finally:
        page.client.close()


def another_person(database: Database) -> int:
    """Somebody with a file and a landing of their own."""
    with database.write() as session:
        person, application = add_client(session, 4321)
        session.add(
            Landing(
                application_id=application.id,
                person_id=person.id,
                stage="address_given",
                changed_on=today(),
            )
        )
        return int(person.id)
