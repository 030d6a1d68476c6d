"""Whatever Twilio tells, how often and in whichever order, a message ends in the same state."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.messages.outbox import queue_sms
from bot.messages.statuses import apply_statuses, take_status
from bot.phones.finding import phone_of
from bot.store import Database, Outbound, Phone, SmsStatus

SID = "SM" + "0" * 32
TOLD = [("queued", None), ("sending", None), ("sent", None), ("undelivered", 30003)]


def sent(database: Database, sid: str | None = SID, state: str = "sent") -> str:
    with database.write() as session:
        phone = phone_of(session, "+16135550142", "fr")
        reference = queue_sms(session, phone=phone, language="fr", text="x")
        session.flush()
        session.execute(
            update(Outbound)
            .where(Outbound.reference == reference)
            .values(state=state, provider_id=sid)
        )
        return reference


def tell(database: Database, status: str, error: int | None = None, **more: Any) -> bool:
    with database.write() as session:
        return take_status(session, **{"sid": SID, "status": status, "error": error, **more})


def end(database: Database) -> tuple[str, str | None]:
    with database.read() as session:
        row = session.scalars(select(Outbound)).one()
        return row.state, row.error


def test_every_order_of_callbacks_ends_in_the_same_state(database: Database) -> None:
    sent(database)
    for order in permutations(TOLD):
        with database.write() as session:
            session.execute(update(Outbound).values(state="sent", error=None))
            session.query(SmsStatus).delete()
        for status, error in order:
            assert tell(database, status, error)
        assert end(database) == ("undelivered", "30003")


@pytest.mark.parametrize("seed", range(5))
def test_delivered_is_the_last_word_wherever_it_comes(database: Database, seed: int) -> None:
    sent(database)
    told = [*TOLD, ("failed", 30005), ("delivered", None)]
    random.Random(seed).shuffle(told)
    for status, error in told:
        tell(database, status, error)
    assert end(database) == ("delivered", None)


def test_a_status_counts_once(database: Database) -> None:
    sent(database)
    assert [tell(database, "sent") for _ in range(3)] == [True, False, False]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(SmsStatus)) == 1


def test_a_late_word_does_not_take_back_what_was_known_before(database: Database) -> None:
    """Also when what was told before has been cleared meanwhile."""
    sent(database)
    tell(database, "delivered")
    with database.write() as session:
        session.query(SmsStatus).delete()
    assert tell(database, "undelivered", 30003)
    assert end(database) == ("delivered", None)


def test_what_is_no_status_of_twilio_is_not_kept(database: Database) -> None:
    sent(database)
    assert not tell(database, "made up")
    assert end(database) == ("sent", None)


def test_what_was_told_before_we_knew_the_sid_counts_once_we_do(database: Database) -> None:
    sent(database, sid=None)
    assert tell(database, "delivered")
    assert end(database) == ("sent", None)
    with database.write() as session:
        session.execute(update(Outbound).values(provider_id=SID))
        apply_statuses(session, SID)
    assert end(database) == ("delivered", None)


def test_a_reference_names_a_message_that_we_think_is_still_here(database: Database) -> None:
    reference = sent(database, sid=None, state="queued")
    assert tell(database, "sent", reference=reference)
    with database.read() as session:
        row = session.scalars(select(Outbound)).one()
    assert (row.state, row.provider_id, row.text) == ("sent", SID, "")


def test_a_reference_does_not_move_a_message_that_has_its_sid(database: Database) -> None:
    reference = sent(database, sid="SM" + "1" * 32)
    tell(database, "undelivered", 30003, reference=reference)
    assert end(database) == ("sent", None)


def test_opted_out_at_the_carrier_stops_the_phone(database: Database) -> None:
    sent(database)
    tell(database, "failed", 21610)
    with database.read() as session:
        assert session.scalars(select(Phone.stopped_by)).one() == "provider"
