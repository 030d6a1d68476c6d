"""Somebody who changes an address, and what became of it."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import select, update

from bot.addresses import Address
from bot.addresses.changes import Asking, Confirmed, confirm, propose
from bot.addresses.holding import apply, undo
from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.store import AuditEntry, Database, Landing, PostalAddress
from tests.bot.identity.people import PUBLIC_URL, code_in, newest_mail
from tests.bot.landing.family import HOME, Family, add_family, changes_of


class Mover:
    """The family, a conversation in which the mother is signed in, and what she does there."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            self.family: Family = add_family(session, "declared")
            self.here = open_conversation(session, "web", "en")
            self.there = open_conversation(session, "web", "en")

    def propose(
        self, address: Address = HOME, person: int = 0, by: int = 0, where: str = ""
    ) -> str:
        """Returns the code that was mailed."""
        by = by or self.family.mother
        with self.database.write() as session:
            propose(session, Asking(by, person or by, where or self.here), address, PUBLIC_URL)
        return code_in(newest_mail(self.database))

    def confirm(self, code: str, by: int = 0, where: str = "") -> Confirmed:
        with self.database.write() as session:
            by = by or self.family.mother
            return confirm(session, where or self.here, by, code, PUBLIC_URL)

    def change(self, address: Address = HOME, person: int = 0) -> tuple[str, str]:
        """A confirmed change: its id, and the token that undoes it."""
        done = self.confirm(self.propose(address, person))
        assert done.change_id and done.state == "held"
        text = newest_mail(self.database).text
        return done.change_id, text.rpartition("/undo/")[2].split()[0].rstrip(".")

    def undo(self, token: str) -> int | None:
        with self.database.write() as session:
            return undo(session, token)

    def apply(self, change_id: str) -> bool:
        with self.database.write() as session:
            return apply(session, change_id)

    def record(self, person: int = 0) -> Address | None:
        with self.database.read() as session:
            row = session.get(PostalAddress, person or self.family.mother)
            return Address.from_json(row.value) if row else None

    def states(self, person: int = 0) -> list[str]:
        return [c.state for c in changes_of(self.database, person or self.family.mother)]

    def acts(self) -> list[str]:
        with self.database.read() as session:
            query = select(AuditEntry.act).where(AuditEntry.act.like("address.%"))
            return list(session.scalars(query.order_by(AuditEntry.position)))

    def stage(self, person: int, stage: str) -> None:
        with self.database.write() as session:
            session.execute(update(Landing).where(Landing.person_id == person).values(stage=stage))


def a_day_later() -> time_machine.travel:
    return time_machine.travel(now() + timedelta(hours=24, seconds=1), tick=True)
