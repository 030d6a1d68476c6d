"""Text messages reach Twilio once and at its pace; what goes wrong there loses none of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from bot.clock import now
from bot.messages.lane import Ended
from bot.messages.outbox import KEYWORD, queue_mail, queue_sms
from bot.messages.pace import Pace
from bot.messages.pauses import MAX_TRIES
from bot.messages.sender import LEASE, Sender
from bot.phones.finding import phone_of
from bot.settings import Settings
from bot.store import Database, DemoMail, Outbound, Person, Phone
from tests.conftest import make_settings
from tests.support.twilio import Stand, running_twilio, texting

NUMBER = "+16135550142"
CODE = {"code": "1234 5678", "service": "passage.example.ca", "not_me": "passage.example.ca/x"}


@pytest.fixture
def stand() -> Iterator[Stand]:
    with running_twilio() as running:
        yield running


@pytest.fixture
def sender(settings: Settings, database: Database, stand: Stand) -> Sender:
    return new_sender(settings, database, stand)


def new_sender(settings: Settings, database: Database, stand: Stand, **changes: Any) -> Sender:
    own = make_settings(settings.home, database.url, **texting(stand.url, **changes))
    return Sender(own, database)


def queue(database: Database, text: str = "Bonjour", number: str = NUMBER, **more: Any) -> str:
    with database.write() as session:
        phone = phone_of(session, number, "fr")
        return queue_sms(session, phone=phone, language="fr", text=text, **more)


def somebody(database: Database) -> int:
    with database.write() as session:
        person = Person(details={}, language="fr", as_of=now())
        session.add(person)
        session.flush()
        return int(person.id)


def row(database: Database, reference: str | None = None) -> Outbound:
    query = select(Outbound)
    if reference:
        query = query.where(Outbound.reference == reference)
    with database.read() as session:
        return session.scalars(query).one()


async def later(sender: Sender, seconds: float) -> bool:
    with time_machine.travel(now() + timedelta(seconds=seconds), tick=True):
        return await sender.send_next()


async def test_a_text_message_is_taken_once_and_not_kept(
    database: Database, sender: Sender, stand: Stand
) -> None:
    reference = queue(database, "L’état «\u00a0en cours\u00a0»")
    assert await sender.send_next()
    assert not await sender.send_next()
    (message,) = stand.twilio.thread(NUMBER)
    assert (message.body, message.sender) == ('L\'état "en cours"', "+16135550100")
    assert message.callback == f"http://localhost:8080/sms/status?ref={reference}"
    assert (row(database).state, row(database).text) == ("sent", "")
    assert (row(database).provider_id, row(database).parts) == (message.sid, 1)


async def test_a_messaging_service_chooses_the_number(
    settings: Settings, database: Database, stand: Stand
) -> None:
    service = "MG" + "0" * 32
    queue(database)
    sender = new_sender(settings, database, stand, twilio_messaging_service_sid=service)
    assert await sender.send_next()
    assert stand.twilio.thread(NUMBER)[0].service == service


async def test_the_same_news_is_queued_once_for_a_person_and_channel(
    database: Database, sender: Sender, stand: Stand
) -> None:
    person = somebody(database)
    news = {"person_id": person, "event": "a:1"}
    assert queue(database, "first", **news) == queue(database, "second", **news)
    assert queue(database, "first", person_id=person, event="a:2")
    with database.write() as session:
        mail = {"to": "a@example.ca", "language": "fr", "template": "code", **CODE}
        for _ in range(2):
            queue_mail(session, **mail, **news)
    with database.read() as session:
        kinds = [(r.channel, r.event) for r in session.scalars(select(Outbound))]
    assert sorted(kinds) == [("email", "a:1"), ("sms", "a:1"), ("sms", "a:2")]


async def test_codes_and_answers_go_before_news(
    database: Database, sender: Sender, stand: Stand
) -> None:
    person = somebody(database)
    for number in range(3):
        queue(database, "news", person_id=person, event=f"e{number}")
    queue(database, "code")
    for _ in range(4):
        assert await sender.send_next()
    assert stand.bodies() == ["code", "news", "news", "news"]


@pytest.mark.parametrize(("fault", "seconds"), [("429", 12), ("503", 12)])
async def test_too_fast_and_out_of_order_are_tried_again_not_too_soon(
    database: Database, sender: Sender, stand: Stand, fault: str, seconds: int
) -> None:
    queue(database)
    stand.twilio.plan.append(fault)
    assert await sender.send_next()
    assert stand.bodies() == []
    assert not await later(sender, seconds - 1), "Retry-After, or until it can be asked"
    assert await later(sender, seconds + 10)
    assert (stand.bodies(), row(database).state) == (["Bonjour"], "sent")


@pytest.mark.parametrize("fault", ["lost_before", "lost_after"])
async def test_after_no_answer_twilio_is_asked_before_it_is_sent_again(
    database: Database, sender: Sender, stand: Stand, fault: str
) -> None:
    queue(database)
    stand.twilio.plan.append(fault)
    assert await sender.send_next()
    assert row(database).state == "queued"
    assert await later(sender, 30)
    assert (stand.bodies(), row(database).state) == (["Bonjour"], "sent")


async def test_the_same_words_sent_before_are_not_taken_for_the_lost_ones(
    database: Database, sender: Sender, stand: Stand
) -> None:
    """Two answers may have the same text; one that is known by its sid is another message."""
    queue(database)
    assert await sender.send_next()
    queue(database)
    stand.twilio.plan.append("lost_before")
    assert await sender.send_next()
    assert await later(sender, 30)
    assert stand.bodies() == ["Bonjour", "Bonjour"]


async def test_while_the_list_does_not_answer_it_waits_and_then_goes(
    database: Database, sender: Sender, stand: Stand
) -> None:
    queue(database)
    stand.twilio.plan.append("lost_before")
    stand.twilio.lists = False
    assert await sender.send_next()
    for seconds in (60, 120):
        assert await later(sender, seconds)
        assert stand.bodies() == []
    assert await later(sender, 600)
    assert stand.bodies() == ["Bonjour"]


async def test_a_callback_that_comes_before_our_own_note_tells_that_it_left(
    database: Database, sender: Sender, stand: Stand
) -> None:
    from bot.messages.statuses import take_status

    reference = queue(database)
    stand.twilio.plan.append("lost_after")
    assert await sender.send_next()
    sid = stand.twilio.thread(NUMBER)[0].sid
    with database.write() as session:
        take_status(session, sid=sid, status="delivered", reference=reference)
    assert (row(database).state, row(database).provider_id) == ("delivered", sid)
    assert not await later(sender, 600)


@pytest.mark.parametrize("number", ["+15005550001", "+15005550009"])
async def test_a_permanent_no_is_tried_once(
    database: Database, sender: Sender, stand: Stand, number: str
) -> None:
    queue(database, number=number)
    assert await sender.send_next()
    assert not await later(sender, 3600)
    assert (row(database).state, row(database).tries) == ("failed", 1)
    assert row(database).error in ("21211", "21614")


async def test_an_opt_out_that_twilio_knows_stops_the_phone(
    database: Database, sender: Sender, stand: Stand
) -> None:
    queue(database, "one")
    queue(database, "two", due_at=now() + timedelta(hours=1))
    stand.twilio.plan.append("21610")
    assert await sender.send_next()
    with database.read() as session:
        phone = session.scalars(select(Phone)).one()
        states = sorted(session.scalars(select(Outbound.state)))
    assert (phone.stopped_by, states) == ("provider", ["dropped", "failed"])


async def test_a_phone_that_stopped_gets_the_reply_to_its_word_only(
    database: Database, sender: Sender, stand: Stand
) -> None:
    queue(database, "you will get no more", event=KEYWORD)
    queue(database, "an answer")
    with database.write() as session:
        session.execute(update(Phone).values(stopped_at=now(), stopped_by="keyword"))
    while await sender.send_next():
        pass
    assert stand.bodies() == ["you will get no more"]


async def test_answers_of_a_conversation_keep_their_order(
    database: Database, sender: Sender, stand: Stand, conversation: str
) -> None:
    for line in (1, 2):
        queue(database, f"answer {line}", conversation_id=conversation, line=line)
    stand.twilio.plan.append("429")
    assert await sender.send_next()
    assert not await sender.send_next(), "the second waits for the first"
    for _ in range(2):
        assert await later(sender, 30)
    assert stand.bodies() == ["answer 1", "answer 2"]


async def test_a_sender_that_died_is_followed_by_one_that_asks(
    settings: Settings, database: Database, sender: Sender, stand: Stand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    queue(database)

    def die(*_: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(sender, "_note", die)
    with pytest.raises(SystemExit):
        await sender.send_next()
    second = new_sender(settings, database, stand)
    assert not await second.send_next(), "leased"
    assert await later(second, LEASE.total_seconds() + 1)
    assert (stand.bodies(), row(database).state) == (["Bonjour"], "sent")


async def test_a_sender_that_slept_over_its_lease_undoes_nothing(
    database: Database, sender: Sender, stand: Stand
) -> None:
    queue(database)
    (asleep,) = sender._turn(("sms",), [], 1)
    assert await later(sender, LEASE.total_seconds() + 1)
    sender._turn(("sms",), [Ended(asleep, ConnectionError())], 0)
    assert (row(database).state, row(database).tries) == ("sent", 0)


async def test_a_sender_that_slept_leaves_what_another_one_has_in_its_hands(
    database: Database, sender: Sender, stand: Stand
) -> None:
    queue(database)
    (asleep,) = sender._turn(("sms",), [], 1)
    with time_machine.travel(now() + LEASE + timedelta(seconds=1), tick=True):
        (awake,) = sender._turn(("sms",), [], 1)
    sender._turn(("sms",), [Ended(asleep, ConnectionError())], 0)
    assert (row(database).tries, row(database).due_at) == (0, awake.due_at)


async def test_after_the_last_try_it_is_a_dead_letter_with_its_text_unless_that_is_a_code(
    database: Database, sender: Sender, stand: Stand, conversation: str
) -> None:
    answer = queue(database, "an answer", conversation_id=conversation)
    code = queue(database, "1234", conversation_id=conversation,
                 useless_after=now() + timedelta(days=9))  # fmt: skip
    with database.write() as session:
        session.execute(update(Outbound).values(tries=MAX_TRIES - 1))
    stand.twilio.plan.extend(["429", "429"])
    for _ in range(2):
        assert await sender.send_next()
    assert (row(database, answer).state, row(database, answer).text) == ("failed", "an answer")
    assert (row(database, code).state, row(database, code).text) == ("failed", "")


async def test_beyond_the_budget_of_a_number_answers_end_and_news_waits(
    settings: Settings, database: Database, stand: Stand
) -> None:
    sender = new_sender(settings, database, stand, sms_per_number_daily=3)
    for number in range(6):
        queue(database, f"answer {number}")
    queue(database, "another phone", number="+14165550143")
    news = queue(database, "news", person_id=somebody(database), event="e")
    while await sender.send_next():
        pass
    thread = [message.body for message in stand.twilio.thread(NUMBER)]
    assert thread[:3] == ["answer 0", "answer 1", "answer 2"]
    assert len(thread) == 4 and "dernier texto" in thread[3], "said once"
    assert len(stand.twilio.thread("+14165550143")) == 1
    assert row(database, news).due_at > now() + timedelta(hours=23)
    with time_machine.travel(now() + timedelta(hours=25), tick=True):
        assert await sender.send_next()
    assert stand.bodies()[-1] == "news"


async def test_beyond_the_budget_of_all_everything_waits(
    settings: Settings, database: Database, stand: Stand
) -> None:
    sender = new_sender(settings, database, stand, sms_daily=2)
    for number in range(4):
        queue(database, number=f"+1613555014{number}")
    while await sender.send_next():
        pass
    assert len(stand.bodies()) == 2
    with time_machine.travel(now() + timedelta(hours=25), tick=True):
        while await sender.send_next():
            pass
    assert len(stand.bodies()) == 4


async def test_one_part_a_second() -> None:
    moment, slept = [0.0], []

    async def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        moment[0] += seconds

    pace = Pace(1, clock=lambda: moment[0], sleep=sleep)
    for parts in (1, 2, 1):
        await pace.wait_for(parts)
    assert slept == [1, 2]
    moment[0] += 60
    await pace.wait_for(1)
    assert slept == [1, 2], "no pause after a pause"


async def test_without_an_account_the_demo_shows_it_and_others_send_none(
    settings: Settings, database: Database
) -> None:
    queue(database)
    own = make_settings(settings.home, database.url, demo=False, smtp_url="smtps://127.0.0.1:9")
    assert not await Sender(own, database).send_next()
    assert await Sender(settings, database).send_next()
    with database.read() as session:
        assert session.scalars(select(DemoMail.channel)).one() == "sms"
