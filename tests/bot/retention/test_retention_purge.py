"""A purge removes what is past its period, all of it and nothing else, by whichever clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import audit
from bot.audit import AuditBroken
from bot.audit.verify import verify
from bot.clock import now
from bot.notices.wishes import subscribe
from bot.retention.purge import ACT, due, purge
from bot.retention.removing import Batch
from bot.retention.table import rules
from bot.store import (
    AuditEntry,
    Contact,
    Conversation,
    Database,
    Outbound,
    Person,
    Preference,
    Profile,
    Tally,
    WebSession,
)
from bot.store.cases import DETAILS
from bot.store.moments import read_clock
from tests.bot.retention.leftovers import (
    AGES,
    add_applicant,
    add_everything,
    add_mail,
    add_talk,
    age,
    gone,
    later,
    snapshot,
)
from tests.support.files import add_person

MINUTE = timedelta(minutes=1)
# What goes with the rows of a kind; of the other kinds one row each.
WITH_A_CONVERSATION = ("conversation", "line", "inbox", "choice", "tracker_event", "misheard",
                       "kept", "challenge", "web_session")  # fmt: skip


@pytest.fixture
def person(database: Database) -> Person:
    with database.write() as session:
        return add_everything(session)


def removals(database: Database) -> list[dict[str, object]]:
    with database.read() as session:
        rows = session.scalars(
            select(AuditEntry.detail).where(AuditEntry.act == ACT).order_by(AuditEntry.position)
        )
        return list(rows)


@pytest.mark.parametrize("kind", sorted(set(AGES) - {"people"}))
def test_a_row_goes_when_its_period_is_over_and_no_minute_before(
    database: Database, person: Person, kind: str
) -> None:
    keep = rules()[kind].keep
    assert keep is not None
    age(database, kind, AGES[kind][1] + keep - MINUTE)
    before = snapshot(database)
    assert sum(purge(database, now()).values()) == 0
    assert snapshot(database) == before
    age(database, kind, 2 * MINUTE)
    counts = purge(database, now())
    assert {k: n for k, n in counts.items() if n} == {kind: 1}
    lost = gone(before, snapshot(database))
    if kind == "conversations":
        assert set(lost) == set(WITH_A_CONVERSATION)
    else:
        assert lost == {rules()[kind].tables[0]: 1}
    assert removals(database) == [{"kind": kind, "count": 1}]


def test_the_services_clock_and_the_databases_are_two(database: Database, person: Person) -> None:
    before = snapshot(database)
    with later(days=91) as moment:
        counts = purge(database, moment)
    wanted = {"sessions": 1, "conversations": 1, "messages": 1, "demo_mail": 1, "news": 1,
              "phones": 2, "phone_links": 1, "desk_attempts": 1, "desk_alerts": 1}  # fmt: skip
    assert {k: n for k, n in counts.items() if n} == wanted
    # Tries and locks follow the database's clock, which nobody moved.
    lost = gone(before, snapshot(database))
    phones, desk = {"phone", "phone_link"}, {"sign_in_attempt", "desk_alert"}
    assert set(lost) == {*WITH_A_CONVERSATION, *phones, *desk, "outbound", "demo_mail", "news"}


def test_a_session_that_was_ended_counts_from_its_end(database: Database, person: Person) -> None:
    with database.write() as session:
        session.execute(
            update(WebSession).values(ended_at=now(), seen_at=now() - timedelta(days=2))
        )
    assert purge(database, now())["sessions"] == 0
    with later(hours=25) as moment:
        assert purge(database, moment)["sessions"] == 1


def test_a_person_on_no_application_is_forgotten_after_two_years(
    database: Database, person: Person
) -> None:
    with later(days=731) as moment:
        assert purge(database, moment)["people"] == 0
    with later(days=733) as moment:
        assert purge(database, moment)["people"] == 1
        assert purge(database, moment)["people"] == 0
    with database.read() as session:
        people = session.scalars(select(Person).order_by(Person.id)).all()
    assert people[0].details == person.details
    assert people[0].uci_index == person.uci_index
    assert people[1].details == dict.fromkeys(DETAILS)
    assert people[1].uci_index is None and people[1].party_index is None


def test_a_profile_goes_with_the_last_application(database: Database, person: Person) -> None:
    with database.write() as session:
        stranger = add_person(session)
        session.add(Profile(person_id=stranger.id, opened_at=now()))
    assert purge(database, now())["profiles"] == 1
    with database.read() as session:
        assert session.scalars(select(Profile.person_id)).all() == [person.id]


def test_wishes_go_with_the_last_application(database: Database, person: Person) -> None:
    with database.write() as session:
        subscribe(session, add_person(session).id, "en", ["email"])
    assert purge(database, now())["wishes"] == 1
    with database.read() as session:
        assert session.scalars(select(Contact.person_id)).all() == [person.id]
        assert set(session.scalars(select(Preference.person_id))) == {person.id}


def test_the_audit_trail_is_cut_after_two_years_and_still_holds(database: Database) -> None:
    with database.write() as session:
        audit.record(session, "case.disclosed", question="old")
    with later(days=600), database.write() as session:
        audit.record(session, "case.disclosed", question="new")
    with later(days=732, hours=12) as moment:
        assert purge(database, moment)["audit"] == 0, "it waits for a day's worth"
    with later(days=734) as moment:
        assert purge(database, moment)["audit"] == 1
    with database.read() as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.position)).all()
        assert list(verify(session)) == []
    assert acts == ["case.disclosed", "audit.pruned", ACT]


def test_nothing_of_a_trail_that_was_tampered_with_goes(database: Database) -> None:
    for _ in range(2):
        with database.write() as session:
            audit.record(session, "case.disclosed")
    with database.write() as session:
        session.execute(update(AuditEntry).where(AuditEntry.position == 1).values(act="x"))
    with later(days=740) as moment, pytest.raises(AuditBroken):
        purge(database, moment)
    assert snapshot(database)["audit_entry"] == 2


def test_what_is_on_hold_stays_with_all_that_belongs_to_it(database: Database) -> None:
    with database.write() as session:
        held, other = add_applicant(session), add_applicant(session)
        for person in (held, other):
            add_mail(session, person)
        first, later_one = add_talk(session, held), add_talk(session, held)
        add_talk(session, other)
        nobodys = add_talk(session)
        for conversation in (first, nobodys):
            session.get(Conversation, conversation).on_hold = True
    before = snapshot(database)
    age(database, "codes", timedelta(days=100))
    with later(days=1_000) as moment:
        counts = purge(database, moment)
    with database.read() as session:
        left = set(session.scalars(select(Conversation.id)))
        assert session.scalars(select(Outbound.person_id)).all() == [held.id]
    assert left == {first, later_one, nobodys}
    assert (
        counts["conversations"] == counts["messages"] == counts["codes"] == counts["sessions"] == 1
    )
    after = snapshot(database)
    assert (before["line"], after["line"]) == (8, 6)
    assert after["web_session"] == after["challenge"] == 3


def test_held_people_are_not_forgotten(database: Database) -> None:
    with database.write() as session:
        person = add_person(session)
        person.as_of = now()
        session.add(Profile(person_id=person.id, opened_at=now()))
        session.get(Conversation, add_talk(session, person)).on_hold = True
    with later(days=1_000) as moment:
        counts = purge(database, moment)
    assert counts["people"] == counts["profiles"] == 0


def test_what_changes_between_looking_and_removing_stays(
    database: Database, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count that begins anew, and a hold, while the purge is on its way."""

    def meanwhile(*found: Any) -> Batch:
        with database.write() as session:
            session.execute(update(Tally).values(started_at=read_clock(session)))
            session.execute(update(Conversation).values(on_hold=True))
        return Batch(*found)

    age(database, "tries", timedelta(days=3))
    age(database, "conversations", timedelta(days=100))
    before = snapshot(database)
    monkeypatch.setattr("bot.retention.purge.Batch", meanwhile)
    assert sum(purge(database, now()).values()) == 0
    assert snapshot(database) == before


def test_counting_first_changes_nothing_and_tells_what_will_go(
    database: Database, person: Person
) -> None:
    before = snapshot(database)
    with later(days=1_000) as moment:
        expected = due(database, moment)
        assert snapshot(database) == before
        assert purge(database, moment) == expected
        assert sum(due(database, moment).values()) == 0


def test_purging_again_removes_nothing_and_writes_nothing(
    database: Database, person: Person
) -> None:
    with later(days=1_000) as moment:
        purge(database, moment)
        before = snapshot(database)
        assert sum(purge(database, moment).values()) == 0
        assert snapshot(database) == before
