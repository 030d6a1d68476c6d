"""What Twilio could not tell or bring is asked for, taken in once, and not asked for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from bot.clock import now
from bot.messages.outbox import queue_sms
from bot.messages.reconciling import LONGEST_ASKED, OLDEST, ask_for_statuses
from bot.messages.sender import Sender
from bot.messages.texting import TwilioText
from bot.phones.finding import phone_of
from bot.phones.received import take_in
from bot.settings import Settings
from bot.store import Database, Inbox, Outbound, SmsReceived
from bot.upkeep import take_in_missed
from tests.conftest import make_settings
from tests.support.twilio import Stand, running_twilio, texting

NUMBER = "+16135550142"


@pytest.fixture
def stand() -> Iterator[Stand]:
    with running_twilio() as running:
        yield running


@pytest.fixture
def own(settings: Settings, database: Database, stand: Stand) -> Settings:
    return make_settings(settings.home, database.url, **texting(stand.url))


@pytest.fixture
def twilio(own: Settings) -> TwilioText:
    return TwilioText(own)


async def send(database: Database, own: Settings, text: str = "Bonjour") -> None:
    with database.write() as session:
        queue_sms(session, phone=phone_of(session, NUMBER, "fr"), language="fr", text=text)
    assert await Sender(own, database).send_next()


def state(database: Database) -> str:
    with database.read() as session:
        return str(session.scalars(select(Outbound.state)).one())


def inbox(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Inbox.text).order_by(Inbox.id)))


async def test_an_end_that_was_not_told_is_asked_for_and_only_then(
    database: Database, own: Settings, stand: Stand, twilio: TwilioText
) -> None:
    await send(database, own)
    message = stand.twilio.thread(NUMBER)[0]
    stand.wait(stand.twilio.deliver(message, "silent"))
    assert ask_for_statuses(database, twilio) == 0, "it may still tell"
    with time_machine.travel(now() + timedelta(minutes=3), tick=True):
        assert ask_for_statuses(database, twilio) == 1
        assert state(database) == "delivered"
        assert ask_for_statuses(database, twilio) == 0


async def test_what_has_no_end_is_asked_about_more_and_more_seldom_and_then_no_more(
    database: Database, own: Settings, twilio: TwilioText
) -> None:
    await send(database, own)
    begun, asked = now(), []
    for minutes in range(0, 5 * 24 * 60, 30):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=True):
            if ask_for_statuses(database, twilio):
                asked.append(minutes)
    assert 5 <= len(asked) <= 12
    assert asked[-1] <= LONGEST_ASKED / timedelta(minutes=1)
    assert asked[-1] - asked[-2] > asked[1] - asked[0]


def test_missed_texts_are_taken_in_once_in_their_order(
    database: Database, own: Settings, stand: Stand, twilio: TwilioText
) -> None:
    for number in range(5):
        stand.twilio.receive(NUMBER, f"question {number}")
    known = stand.twilio.receive(NUMBER, "question 5")
    assert take_in_missed(own, database, twilio) == 0, "Twilio may still bring them"
    with database.write() as session:
        take_in(session, own, sid=known.sid, sender=NUMBER, body=known.body)
    with time_machine.travel(now() + timedelta(seconds=30), tick=True):
        assert take_in_missed(own, database, twilio) == 5
        assert take_in_missed(own, database, twilio) == 0
    assert sorted(inbox(database)) == [f"question {number}" for number in range(6)]
    assert inbox(database)[1:] == [f"question {number}" for number in range(5)]


def test_a_long_absence_is_looked_back_over_and_a_day_at_most(
    database: Database, own: Settings, stand: Stand, twilio: TwilioText
) -> None:
    moment = now()
    with time_machine.travel(moment - OLDEST - timedelta(hours=1), tick=True):
        stand.twilio.receive(NUMBER, "too old")
    with time_machine.travel(moment - OLDEST + timedelta(hours=1), tick=True):
        stand.twilio.receive(NUMBER, "from yesterday")
    assert take_in_missed(own, database, twilio) == 1
    assert inbox(database) == ["from yesterday"]


def test_a_failed_look_is_made_up_for_by_the_next(
    database: Database, own: Settings, stand: Stand, twilio: TwilioText
) -> None:
    assert take_in_missed(own, database, twilio) == 0
    stand.twilio.receive(NUMBER, "while the list is out of order")
    stand.twilio.lists = False
    later = now() + timedelta(hours=2)
    with time_machine.travel(later, tick=True), pytest.raises(Exception, match="503"):
        take_in_missed(own, database, twilio)
    stand.twilio.lists = True
    with time_machine.travel(later + timedelta(seconds=30), tick=True):
        assert take_in_missed(own, database, twilio) == 1


def test_a_list_of_many_pages_is_read_to_its_end(
    database: Database, own: Settings, stand: Stand, twilio: TwilioText
) -> None:
    for number in range(450):
        area, last = (613, 514, 604, 416, 403)[number // 100], number % 100
        stand.twilio.receive(f"+1{area}55501{last:02}", "STOP")
    with time_machine.travel(now() + timedelta(seconds=30), tick=True):
        assert take_in_missed(own, database, twilio) == 450
    with database.read() as session:
        assert session.scalar(select(func.count(SmsReceived.sid))) == 450
