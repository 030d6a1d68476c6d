"""Landing tells subscribers of what an officer does, and its own e-mail is not sent twice."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.landing import reviewing
from bot.landing.moving import move
from bot.landing.place import THE_SERVICE
from bot.notices.topics import SMS
from bot.notices.wishes import subscribe
from bot.store import Database, Landing, News
from tests.bot.landing.family import Family, add_family


def told(session: Any) -> list[tuple[int, str, dict[str, Any]]]:
    rows = session.scalars(select(News).order_by(News.person_id))
    return [(each.person_id, each.topic, each.details) for each in rows]


def everybody(session: Any, stage: str) -> Family:
    """A family whose members, and the one who represents them, subscribed."""
    family = add_family(session, stage)
    for person in (family.mother, family.father, family.representative):
        subscribe(session, person, "en", [SMS])
    return family


def test_a_photo_returned_is_told_to_its_owner_only(database: Database) -> None:
    with database.write() as session:
        family = everybody(session, "in_review")
        place = family.place(family.father)
        reviewing.send_back(session, place, "agent-7", "photo", "not_recent")
        assert told(session) == [(family.father, "photo", {"about": family.father, "mailed": True})]


def test_a_childs_card_is_told_to_the_parent(database: Database) -> None:
    with database.write() as session:
        family = everybody(session, "card_ordered")
        move(session, family.place(family.daughter), "mail_card", THE_SERVICE)
        assert told(session) == [
            (family.mother, "card", {"about": family.daughter, "mailed": True})
        ]


@pytest.mark.parametrize("times", [1, 2])
def test_what_is_returned_again_is_told_again(database: Database, times: int) -> None:
    with database.write() as session:
        family = everybody(session, "in_review")
        place = family.place(family.father)
        for _ in range(times):
            session.get(Landing, tuple(place)).stage = "in_review"
            session.flush()
            reviewing.send_back(session, place, "agent-7", "photo", "not_recent")
            session.expire_all()
        assert len(told(session)) == times
