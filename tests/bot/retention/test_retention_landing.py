"""What landing leaves goes when its period is over: upload addresses, photos, changes of address;
and the address of record with the person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from bot.addresses.sharing import place_index
from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.landing.papers import papers_or_new
from bot.landing.photos import keep_photo, make_link
from bot.retention.purge import purge
from bot.store import (
    AddressChange,
    Database,
    LandingPapers,
    Participant,
    Photo,
    PostalAddress,
    UploadLink,
)
from tests.bot.landing.family import HOME, Family, add_family, by, give_record_address
from tests.bot.landing.giving import GOOD
from tests.support.files import add_person


@pytest.fixture
def family(database: Database) -> Family:
    """The mother sent a photo and an address, and was given an address for another photo."""
    with database.write() as session:
        found = add_family(session, "address_given")
        place = found.place(found.mother)
        actor = by(found.mother, open_conversation(session, "web", "en"))
        photo_id = keep_photo(session, place, actor, GOOD)
        session.flush()
        papers_or_new(session, place).photo_id = photo_id
        make_link(session, place, actor, "token")
        session.add(
            AddressChange(
                id="change", person_id=found.mother, by_person_id=found.mother,
                conversation_id="gone", value=HOME.to_json(), place=place_index(session, HOME),
                state="applied", created_at=now(), held_until=now(),
            )
        )  # fmt: skip
    return found


def count(database: Database, table: Any) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)))


@pytest.mark.parametrize(
    ("kind", "table", "period"),
    [
        ("upload_links", UploadLink, timedelta(hours=24, minutes=30)),
        ("photos", Photo, timedelta(days=732)),
        ("address_changes", AddressChange, timedelta(days=732)),
    ],
)
def test_it_goes_when_its_period_is_over_and_no_minute_before(
    database: Database, family: Family, kind: str, table: Any, period: timedelta
) -> None:
    for after, left in ((-1, 1), (1, 0)):
        with time_machine.travel(now() + period + timedelta(minutes=after), tick=True):
            assert purge(database, now())[kind] == 1 - left
        assert count(database, table) == left


def test_the_papers_no_longer_name_a_photo_that_is_gone(database: Database, family: Family) -> None:
    with time_machine.travel(now() + timedelta(days=733), tick=True):
        purge(database, now())
    with database.read() as session:
        assert session.scalars(select(LandingPapers.photo_id)).all() == [None]


def test_the_address_of_record_goes_with_the_name(database: Database, family: Family) -> None:
    with database.write() as session:
        stranger = add_person(session, birth_date=date(1990, 1, 1))
        for person_id in (stranger.id, family.mother):
            give_record_address(session, person_id)
        on_file = select(Participant).where(Participant.person_id == stranger.id)
        assert session.execute(on_file).first() is None
    with time_machine.travel(now() + timedelta(days=733), tick=True):
        assert purge(database, now())["people"] == 1
    with database.read() as session:
        assert session.scalars(select(PostalAddress.person_id)).all() == [family.mother]
