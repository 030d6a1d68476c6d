"""News of a person become one message, in their language, at a decent hour, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from bot.clock import now
from bot.notices.telling import WINDOW, tell
from bot.notices.topics import EMAIL, SMS, TOPICS
from bot.notices.wishes import Wishes, choose, subscribe, unsubscribe
from bot.notifying import gathering
from bot.notifying.falling_back import fall_back
from bot.notifying.gathering import gather
from bot.phones.finding import phone_of
from bot.store import Database, News, Outbound, PhoneLink, Requirement
from tests.support.standing import CHILD, Family

URL = "https://passage.example.ca"
NOON = datetime(2026, 6, 10, 17, 0, tzinfo=timezone.utc)  # 13:00 in Toronto, 10:00 in Vancouver
NIGHT = datetime(2026, 6, 11, 3, 30, tzinfo=timezone.utc)  # 23:30 in Toronto
MORNING = datetime(2026, 6, 11, 12, 0, tzinfo=timezone.utc)  # 8:00 in Toronto


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


class One:
    """An applicant who subscribed; `wanted` as channels for every topic."""

    def __init__(
        self,
        database: Database,
        *channels: str,
        language: str = "en",
        zone: str | None = "America/Toronto",
        phone: bool = False,
        **details: Any,
    ) -> None:
        self.database = database
        with database.write() as session:
            self.family = Family(session)
            self.id = self.family.join("dependant", language=language, **details).id
            self.application = self.family.application.id
            wanted = frozenset((topic, channel) for topic in TOPICS for channel in channels)
            choose(session, self.id, Wishes(language, zone, wanted))
            if phone:
                self.link(session)

    def link(self, session: Any) -> None:
        phone = phone_of(session, f"+1613555{self.id:04d}", "en")
        link = PhoneLink(phone_id=phone.id, person_id=self.id, proven_at=now())
        link.until = now() + timedelta(days=90)
        session.add(link)

    def tell(self, topic: str, event: str, **how: Any) -> None:
        about = None if topic in ("status", "waiting") else self.id
        with self.database.write() as session:
            tell(session, about, topic, event, application_id=self.application, **how)

    def messages(self) -> list[tuple[str, str]]:
        with self.database.read() as session:
            rows = session.scalars(
                select(Outbound).where(Outbound.person_id == self.id).order_by(Outbound.id)
            )
            return [(each.channel, each.text) for each in rows]

    def states(self) -> list[str]:
        with self.database.read() as session:
            query = select(News.state).where(News.person_id == self.id).order_by(News.id)
            return list(session.scalars(query))

    def becomes(self, **values: Any) -> None:
        """What the sender does to the text message."""
        with self.database.write() as session:
            session.execute(
                update(Outbound)
                .where(Outbound.person_id == self.id, Outbound.channel == SMS)
                .values(text="", **values)
                .execution_options(synchronize_session=False)
            )


def test_several_changes_within_the_window_become_one_message(
    database: Database, clock: Any
) -> None:
    one = One(database, EMAIL)
    one.tell("status", "a")
    clock.shift(WINDOW - timedelta(seconds=1))
    one.tell("waiting", "b")
    one.tell("status", "c")
    assert gather(database, URL) == 0
    clock.shift(timedelta(seconds=1))
    assert gather(database, URL) == 1
    assert gather(database, URL) == 0
    [(channel, text)] = one.messages()
    assert channel == EMAIL and f"{URL}/en" in text
    assert text.count("The status of an application changed.") == 1
    assert text.count("A part of an application is waiting on you.") == 1
    clock.shift(timedelta(hours=1))
    one.tell("status", "d")
    clock.shift(WINDOW)
    assert gather(database, URL) == 1 and len(one.messages()) == 2


def test_at_night_it_waits_for_the_morning_there_and_gathers_on(
    database: Database, clock: Any
) -> None:
    one = One(database, EMAIL, language="fr")
    clock.move_to(NIGHT)
    one.tell("status", "a")
    clock.shift(WINDOW)
    assert gather(database, URL) == 0
    one.tell("card", "b")
    clock.move_to(MORNING - timedelta(seconds=1))
    assert gather(database, URL) == 0
    clock.move_to(MORNING)
    assert gather(database, URL) == 1
    [(_, text)] = one.messages()
    assert "L’état d’une demande a changé." in text and "La carte a été envoyée" in text


def test_what_is_urgent_wakes_and_the_rest_waits(database: Database, clock: Any) -> None:
    one = One(database, EMAIL)
    clock.move_to(NIGHT)
    one.tell("status", "a")
    one.tell("request", "b", urgent=True, details={"due_on": "2026-06-11"})
    assert gather(database, URL) == 1
    [(_, text)] = one.messages()
    assert "by June 11, 2026" in text and "status" not in text
    clock.move_to(MORNING)
    assert gather(database, URL) == 1 and len(one.messages()) == 2


def test_texts_go_to_the_phone_and_landing_is_not_mailed_twice(
    database: Database, clock: Any
) -> None:
    one = One(database, EMAIL, SMS, phone=True)
    one.tell("photo", "a", details={"mailed": True})
    clock.shift(WINDOW)
    assert gather(database, URL) == 1
    [(channel, text)] = one.messages()
    assert channel == SMS and "something you sent was returned" in text
    one.tell("status", "b")
    clock.shift(WINDOW)
    gather(database, URL)
    assert [channel for channel, _ in one.messages()] == [SMS, SMS, EMAIL]


def test_without_a_phone_that_may_be_texted_the_wish_for_texts_is_an_e_mail(
    database: Database, clock: Any
) -> None:
    one = One(database, SMS)
    one.tell("status", "a")
    clock.shift(WINDOW)
    assert gather(database, URL) == 1
    assert [channel for channel, _ in one.messages()] == [EMAIL]


@pytest.mark.parametrize("state", ["undelivered", "failed", "dropped"])
def test_a_text_that_does_not_arrive_is_told_by_e_mail_once(
    database: Database, clock: Any, state: str
) -> None:
    one = One(database, SMS, phone=True)
    one.tell("request", "a", details={"due_on": "2026-07-01"})
    clock.shift(WINDOW)
    gather(database, URL)
    one.becomes(state="sent")
    assert fall_back(database, URL) == 0
    one.becomes(state=state)
    assert fall_back(database, URL) == 1
    assert fall_back(database, URL) == 0
    assert [channel for channel, _ in one.messages()] == [SMS, EMAIL]
    assert "by July 1, 2026" in one.messages()[1][1]


def test_what_an_e_mail_told_beside_the_text_is_not_told_again(
    database: Database, clock: Any
) -> None:
    one = One(database, SMS, EMAIL, phone=True)
    one.tell("status", "a")
    one.tell("card", "b", details={"mailed": True})
    clock.shift(WINDOW)
    gather(database, URL)
    one.becomes(state="undelivered")
    fall_back(database, URL)
    assert [channel for channel, _ in one.messages()] == [SMS, EMAIL]


def test_only_the_part_that_was_texted_alone_is_mailed_instead(
    database: Database, clock: Any
) -> None:
    one = One(database, EMAIL, phone=True)
    wishes = Wishes("en", "America/Toronto", frozenset({("status", EMAIL), ("card", SMS)}))
    with database.write() as session:
        choose(session, one.id, wishes)
    one.tell("status", "a")
    one.tell("card", "b")
    clock.shift(WINDOW)
    gather(database, URL)
    one.becomes(state="undelivered")
    assert fall_back(database, URL) == 1
    texts = [text for channel, text in one.messages() if channel == EMAIL]
    assert "card" not in texts[0] and "status" in texts[0]
    assert "card" in texts[1] and "status" not in texts[1]


def test_who_wants_nothing_any_more_is_told_nothing(database: Database, clock: Any) -> None:
    one = One(database, SMS, phone=True)
    one.tell("status", "a")
    clock.shift(WINDOW)
    gather(database, URL)
    one.becomes(state="undelivered")
    one.tell("status", "b")
    with database.write() as session:
        unsubscribe(session, one.id, "en")
    clock.shift(WINDOW)
    assert gather(database, URL) == 0
    fall_back(database, URL)
    assert [channel for channel, _ in one.messages()] == [SMS]


def test_a_request_that_was_met_meanwhile_is_not_told(database: Database, clock: Any) -> None:
    one = One(database, EMAIL)
    with database.write() as session:
        for code, met_on in (("passport", now().date()), ("biometrics", None)):
            session.add(
                Requirement(
                    application_id=one.application, code=code, person_id=one.id,
                    asked_on=now().date(), met_on=met_on,
                )
            )  # fmt: skip
    one.tell("request", "a", details={"code": "passport"})
    clock.shift(WINDOW)
    assert gather(database, URL) == 0
    one.tell("request", "b", details={"code": "biometrics"})
    clock.shift(WINDOW)
    assert gather(database, URL) == 1
    assert one.states() == ["dropped", "told"]


def test_a_right_that_ended_before_the_hour_came_ends_the_news(
    database: Database, clock: Any
) -> None:
    """A child turns 18 between the change and the morning: the parent hears nothing."""
    with database.write() as session:
        family = Family(session)
        birthday = NOON.date().replace(year=NOON.year - 18) + timedelta(days=1)
        child = family.join("dependant", birth_date=birthday)
        parent = family.principal.id
        subscribe(session, parent, "en", [EMAIL])
        tell(session, child.id, "request", "a", application_id=family.application.id)
    clock.move_to(NOON + timedelta(days=1))
    assert gather(database, URL) == 0
    with database.read() as session:
        assert session.scalar(select(News.state).where(News.person_id == parent)) == "dropped"


def test_a_parent_is_told_for_a_child(database: Database, clock: Any) -> None:
    with database.write() as session:
        family = Family(session)
        child = family.dependant(CHILD)
        subscribe(session, family.principal.id, "en", [EMAIL])
        tell(session, child.id, "request", "a", application_id=family.application.id)
    clock.shift(WINDOW)
    assert gather(database, URL) == 1


def test_no_more_texts_are_queued_than_leave_in_a_few_minutes(
    database: Database, clock: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(gathering, "BACKLOG", 2)
    people = [One(database, SMS, phone=True) for _ in range(5)]
    for one in people:
        one.tell("status", "a")
    clock.shift(WINDOW)
    assert gather(database, URL, batch=2) == 2
    assert gather(database, URL, batch=2) == 0
    for _ in range(3):
        for one in people:
            one.becomes(state="sent")
        clock.shift(timedelta(minutes=1))
        gather(database, URL, batch=2)
    assert [len(one.messages()) for one in people] == [1] * 5


def test_a_text_is_useless_once_the_evening_comes(database: Database, clock: Any) -> None:
    one = One(database, SMS, phone=True)
    one.tell("status", "a")
    clock.shift(WINDOW)
    gather(database, URL)
    with database.read() as session:
        useless = session.scalar(select(Outbound.useless_after))
    assert useless == datetime(2026, 6, 11, 1, 0, tzinfo=timezone.utc)  # 21:00 in Toronto


def test_two_senders_tell_everybody_once(database: Database, clock: Any) -> None:
    """On PostgreSQL the second one takes other people; on SQLite it waits."""
    people = [One(database, EMAIL) for _ in range(6)]
    for one in people:
        one.tell("status", "a")
    clock.shift(WINDOW)
    if not database.is_sqlite:
        with database.write() as first:
            locked = gathering._due(first, 3)
            assert len(locked) == 3
            assert gather(database, URL, batch=10) == 3
    gather(database, URL)
    assert [len(one.messages()) for one in people] == [1] * 6
