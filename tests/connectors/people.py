"""One person with a file, whoever acts for her, and how they get their codes."""

from __future__ import annotations

import re
from dataclasses import asdict

import httpx
from sqlalchemy import func, select

from bot.store import Application, Database, Outbound
from tests.support import files
from tests.support.files import Zoe

DETAILS = asdict(Zoe())
# What her representative enters besides.
OWN = {"party_id": "P1234567", "own_family_name": "Côté", "own_given_names": "Hélène"}


def add_zoe(database: Database) -> None:
    with database.write() as session:
        files.add_zoe(session)


def add_helene(database: Database) -> None:
    """A representative with a mandate for Zoe's application."""
    with database.write() as session:
        helene = files.add_person(
            session,
            uci=None,
            party_id=OWN["party_id"],
            family_name=OWN["own_family_name"],
            given_names=OWN["own_given_names"],
            email="helene@example.ca",
        )
        application = session.scalar(select(Application))
        files.add_seat(session, application, helene, "representative")
        files.add_mandate(session, application, helene)


def mailed_code(database: Database) -> str:
    """The newest code that was written to somebody."""
    found = re.search(r"\d{4} \d{4}", newest_mail(database).text)
    assert found
    return found.group()


def newest_mail(database: Database) -> Outbound:
    with database.read() as session:
        mail = session.scalars(
            select(Outbound).where(Outbound.person_id.is_not(None)).order_by(Outbound.id.desc())
        ).first()
        session.expunge(mail)
    return mail


def mails(database: Database) -> int:
    """How many were written, decoys among them."""
    with database.read() as session:
        return int(session.scalar(select(func.count(Outbound.id))))


def sign_in(client: httpx.Client, database: Database, language: str = "en") -> None:
    """From opening the chat to a right code, as Zoe."""
    client.post("/api/chat/conversations", json={"language": language})
    assert client.post("/api/chat/identify", json=DETAILS).status_code == 202
    code = mailed_code(database)
    assert client.post("/api/chat/code", json={"code": code}).status_code == 200
