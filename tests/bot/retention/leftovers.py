"""Rows of every kind that the service leaves behind, put straight into the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import time_machine
from sqlalchemy import func, select

from bot.chat.conversations import add_choices, add_line, open_conversation, post_text
from bot.clock import now
from bot.identity.budgets import HOUR, WRONG_CODES, Budget, count_up, spend, subject_of
from bot.identity.codes import LIFETIME, make_code
from bot.identity.profiles import open_profiles
from bot.identity.sessions import open_session, verify_session
from bot.messages import demo
from bot.messages.outbox import queue_mail
from bot.notices.telling import tell
from bot.notices.wishes import subscribe
from bot.phones.finding import phone_of
from bot.phones.stopping import stop
from bot.store import (
    Alert,
    Base,
    Challenge,
    Conversation,
    Database,
    DemoMail,
    Inbox,
    Kept,
    Lock,
    Misheard,
    News,
    Outbound,
    Participant,
    Person,
    Phone,
    PhoneLink,
    SignInAttempt,
    SmsReceived,
    SmsStatus,
    Tally,
    TrackerEvent,
    WebSession,
)
from bot.store.moments import read_clock
from bot.vault import keep
from tests.bot.handoff.desk import add_agent
from tests.support.files import add_application, add_person, add_seat

_numbers = count(1)
# For each kind: the columns that carry its time, and how long from now until it starts to count.
AGES: dict[str, tuple[tuple[Any, ...], timedelta]] = {
    "vault": ((Kept.expires_at,), timedelta(0)),
    "codes": ((Challenge.expires_at,), LIFETIME),
    "tries": ((Tally.started_at,), timedelta(0)),
    "wrong_codes": ((Tally.started_at,), timedelta(0)),
    "locks": ((Lock.until,), timedelta(hours=24)),
    "sessions": ((WebSession.seen_at,), timedelta(0)),
    "conversations": ((Conversation.last_at,), timedelta(0)),
    "desk_attempts": ((SignInAttempt.created_at,), timedelta(0)),
    "desk_alerts": ((Alert.at,), timedelta(0)),
    "messages": ((Outbound.created_at,), timedelta(0)),
    "demo_mail": ((DemoMail.at,), timedelta(0)),
    "phones": ((Phone.last_at,), timedelta(0)),
    "stops": ((Phone.last_at, Phone.stopped_at), timedelta(0)),
    "phone_links": ((PhoneLink.until,), timedelta(0)),
    "sms_ids": ((SmsReceived.received_at,), timedelta(0)),
    "sms_statuses": ((SmsStatus.at,), timedelta(0)),
    "news": ((News.created_at,), timedelta(0)),
    "people": ((Person.as_of,), timedelta(0)),
}


def add_talk(session: Any, person: Person | None = None, text: str = "Hello") -> str:
    """A conversation with a line of each side, an answered message and all that hangs on it."""
    here = open_conversation(session, "web", "en")
    post_text(session, here, f"m{next(_numbers)}", text)
    session.execute(
        Inbox.__table__.update().where(Inbox.conversation_id == here).values(state="done")
    )
    choice = {"label": "More", "intent": "ask_help", "entities": {}}
    add_line(session, here, "bot", {"text": text, "choices": add_choices(session, here, [choice])})
    session.add(
        TrackerEvent(conversation_id=here, position=0, data={"event": "user", "text": text})
    )
    session.add(Misheard(conversation_id=here, text=text, ranking=[], at=now()))
    session.get(Conversation, here, populate_existing=True).last_event = 1
    keep(session, here, "uci", "00000101")
    person_id = person.id if person else None
    make_code(session, here, subject=b"s" * 16, person_id=person_id)
    if person is None:
        open_session(session, here)
    else:
        verify_session(session, here, person.id)
        open_profiles(session, person.id)
    session.flush()
    return here


def add_applicant(session: Any, **details: Any) -> Person:
    """Somebody who is on an application."""
    person = add_person(session, **details)
    add_seat(session, add_application(session), person)
    person.as_of = now()
    return person


def add_mail(session: Any, person: Person | None, state: str = "sent") -> None:
    """An e-mail of the demo, in that state."""
    to = person.email if person else None
    person_id = person.id if person else None
    reference = queue_mail(
        session, to=to, language="en", template="locked_not_me", person_id=person_id
    )
    session.flush()
    mail = session.scalars(select(Outbound).where(Outbound.reference == reference)).one()
    if state == "sent":
        demo.deliver(session, mail)
        mail.state, mail.sent_at, mail.text = "sent", now(), ""


def add_news(session: Any, person: Person) -> None:
    """They subscribed, and something changed."""
    subscribe(session, person.id, "en", ["email"])
    number = session.scalar(
        select(Participant.application_id).where(Participant.person_id == person.id)
    )
    tell(session, None, "status", "a change", application_id=number)


def add_phones(session: Any, person: Person) -> None:
    """One that wrote, one that wants no more, and one that is the person's until now."""
    phones = [phone_of(session, f"+1613555014{last}", "en") for last in (1, 2, 3)]
    stop(session, phones[1], "keyword")
    session.add(PhoneLink(phone_id=phones[2].id, person_id=person.id, proven_at=now(), until=now()))
    session.add(SmsReceived(sid="SM1", phone_id=phones[0].id, outcome="inbox", received_at=now()))
    session.add(SmsStatus(sid="SM2", status="sent", at=now()))


def add_desk(session: Any) -> None:
    """Somebody who is on the way to sign in, and an alert about an agent."""
    session.add(SignInAttempt(mark=b"m" * 32, created_at=now()))
    agent = add_agent(session, "Ada")
    session.add(Alert(agent_id=agent.id, kind="many_files", count=26, began_at=now(), at=now()))


def add_everything(session: Any) -> Person:
    """One of each kind, all of this moment; the person of the conversation."""
    person = add_applicant(session)
    add_talk(session, person)
    add_mail(session, person)
    add_news(session, person)
    add_phones(session, person)
    add_desk(session)
    add_person(session).as_of = now()  # on no application
    spend(session, Budget("details.person", 5, HOUR), subject_of(session, "somebody"))
    count_up(session, WRONG_CODES, subject_of(session, "somebody"))
    until = read_clock(session) + timedelta(hours=24)
    session.add(Lock(subject=b"s" * 16, until=until, reason="not_me"))
    session.flush()
    return person


def age(database: Database, kind: str, by: timedelta) -> None:
    """As if the rows of `kind` had come into being that much earlier."""
    columns, _ = AGES[kind]
    with database.write() as session:
        query = select(columns[0].class_)
        if kind in ("tries", "wrong_codes"):
            query = query.where((Tally.kind == WRONG_CODES) == (kind == "wrong_codes"))
        if kind in ("phones", "stops"):
            query = query.where(Phone.stopped_at.is_(None) == (kind == "phones"))
        for row in session.scalars(query):
            for column in columns:
                setattr(row, column.key, getattr(row, column.key) - by)


def snapshot(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


def gone(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """How many rows each table lost; of the audit trail only what is missing counts."""
    lost = {name: before[name] - after[name] for name in before}
    return {name: number for name, number in lost.items() if number > 0}


@contextmanager
def later(**time: float) -> Iterator[datetime]:
    """The service's clock moved on; the database's own goes on as it is."""
    moment = now() + timedelta(**time)
    with time_machine.travel(moment, tick=False):
        yield moment
