"""News are written for those who subscribed and may read what it is about, once for an event."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import now
from bot.notices.telling import WINDOW, Change, tell, tell_all
from bot.notices.topics import ACTS, EMAIL, SMS, TOPICS
from bot.notices.wishes import Wishes, choose, subscribe, unsubscribe, wishes_of
from bot.rights.authorize import authorize
from bot.rights.bulk import RightsOnMany
from bot.store import Database, News, Person
from tests.support.standing import BUILDERS, CHILD, GROWN, Family, stand

PEOPLE = sorted(set(BUILDERS) - {"agent_assigned", "agent_unassigned", "anonymous"})


def subscribed(session: Any, person: Person) -> Person:
    subscribe(session, person.id, person.language, [EMAIL])
    return person


def told(session: Any) -> list[tuple[int, str, str]]:
    rows = session.execute(select(News.person_id, News.topic, News.event).order_by(News.id))
    return [tuple(row) for row in rows]


def test_nobody_is_told_without_a_subscription(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        tell(session, None, "status", "a", application_id=family.application.id)
        assert told(session) == []


def test_an_event_becomes_one_row_however_often_it_is_told(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        subscribed(session, family.principal)
        for _ in range(3):
            tell(session, None, "status", "a", application_id=family.application.id)
        tell(session, None, "status", "b", application_id=family.application.id)
        one = family.principal.id
        assert told(session) == [(one, "status", "a"), (one, "status", "b")]


def test_what_is_asked_of_an_adult_is_told_to_nobody_else_of_the_family(
    database: Database,
) -> None:
    with database.write() as session:
        family = Family(session)
        grown = subscribed(session, family.dependant(GROWN))
        child = family.dependant(CHILD)
        parent = subscribed(session, family.principal)
        number = family.application.id
        tell(session, grown.id, "request", "grown", application_id=number)
        tell(session, child.id, "request", "child", application_id=number)
        assert told(session) == [(grown.id, "request", "grown"), (parent.id, "request", "child")]


def test_a_sponsor_hears_of_the_status_with_consent_only_and_never_of_landing(
    database: Database,
) -> None:
    with database.write() as session:
        family = Family(session)
        subscribed(session, family.sponsor())
        agreed = subscribed(session, family.sponsor(consent=True))
        number = family.application.id
        tell(session, None, "status", "a", application_id=number)
        tell(session, family.principal.id, "card", "b", application_id=number)
        assert told(session) == [(agreed.id, "status", "a")]


@pytest.mark.parametrize(
    "relation", sorted(set(BUILDERS) - {"agent_assigned", "agent_unassigned", "anonymous"})
)
@pytest.mark.parametrize("topic", TOPICS)
def test_rights_on_many_decide_what_authorize_decides(
    database: Database, relation: str, topic: str
) -> None:
    with database.write() as session:
        standing = stand(session, relation)
        number = standing.application_id
        one = authorize(session, standing.viewer, ACTS[topic], standing.person_id, number)
        many = RightsOnMany(session, {number})
        viewer = standing.viewer.person_id
        assert viewer is not None
        assert many.may(viewer, ACTS[topic], standing.person_id, number) == one.allowed


def test_news_wait_for_the_window_unless_they_are_urgent(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        subscribed(session, family.principal)
        before = now()
        number = family.application.id
        tell_all(
            session,
            [
                Change(None, "status", "slow", number),
                Change(None, "waiting", "quick", number, urgent=True),
            ],
        )
        due = dict(session.execute(select(News.event, News.due_at)).all())
        assert due["slow"] >= before + WINDOW
        assert before <= due["quick"] < before + WINDOW


def test_many_cases_at_once_are_told_like_one(database: Database, monkeypatch: Any) -> None:
    monkeypatch.setattr("bot.notices.telling.CHUNK", 2)
    with database.write() as session:
        families = [Family(session) for _ in range(5)]
        for family in families:
            subscribed(session, family.principal)
        changes = [Change(None, "status", "a", family.application.id) for family in families]
        assert tell_all(session, changes) == 5
        assert [row[0] for row in told(session)] == [family.principal.id for family in families]


def test_wishes_are_kept_and_what_is_no_longer_wished_is_not_told(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        person = subscribed(session, family.principal)
        tell(session, None, "status", "a", application_id=family.application.id)
        tell(session, None, "waiting", "b", application_id=family.application.id)
        wishes = Wishes("fr", "America/Halifax", frozenset({("waiting", SMS)}))
        choose(session, person.id, wishes)
        assert wishes_of(session, person.id) == wishes
        states = dict(session.execute(select(News.event, News.state)).all())
        assert states == {"a": "dropped", "b": "new"}
        tell(session, None, "status", "c", application_id=family.application.id)
        assert len(told(session)) == 2


def test_unsubscribing_leaves_nothing_wanted(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        person = subscribed(session, family.principal)
        unsubscribe(session, person.id, "en")
        tell(session, None, "status", "a", application_id=family.application.id)
        assert told(session) == []
        assert wishes_of(session, person.id) == Wishes("en")


@pytest.mark.parametrize("wrong", [("gossip", SMS), ("status", "pigeon")])
def test_there_are_no_other_topics_and_channels(database: Database, wrong: tuple[str, str]) -> None:
    with database.write() as session:
        person = Family(session).principal
        with pytest.raises(ValueError, match="no such"):
            choose(session, person.id, Wishes("en", None, frozenset({wrong})))
