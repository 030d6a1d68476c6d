"""POST /sms/inbound: signed requests are stored and answered with nothing to say."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import func, select

from bot.settings import Settings
from bot.store import Database, Inbox, Outbound, SmsReceived
from connectors.rates import Rates
from tests.connectors.serving import Front, running_front
from tests.support.texting import TEXTING, Carrier, message, new_sid


@pytest.fixture
def front(settings: Settings, database: Database) -> Iterator[Front]:
    with running_front(settings, database, **TEXTING) as found:
        yield found


@pytest.fixture
def carrier(front: Front) -> Iterator[Carrier]:
    found = Carrier(front.url, front.settings.public_url)
    yield found
    found.close()


def count(database: Database, column: object) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count(column))))


def test_a_message_is_stored_and_answered_with_an_empty_response(
    carrier: Carrier, database: Database
) -> None:
    answer = carrier.text("Where is my application?")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml")
    assert answer.text.endswith("<Response/>")
    assert count(database, Inbox.id) == 1


def test_the_same_message_at_once_is_stored_once(carrier: Carrier, database: Database) -> None:
    form = message("Where is my application?")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: carrier.post(form), range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert (count(database, Inbox.id), count(database, SmsReceived.sid)) == (1, 1)


def test_an_mms_without_words_is_answered_and_its_media_never_fetched(
    carrier: Carrier, database: Database
) -> None:
    url = "http://169.254.169.254/latest/meta-data"
    assert carrier.text("", NumMedia="1", MediaUrl0=url).status_code == 200
    assert (count(database, Inbox.id), count(database, Outbound.id)) == (0, 1)


@pytest.mark.parametrize("body", ["/restart", "//EXTERNAL_verified", "／greet"])
def test_a_text_that_starts_with_a_slash_loses_it(
    carrier: Carrier, database: Database, body: str
) -> None:
    assert carrier.text(body).status_code == 200
    with database.read() as session:
        assert not session.scalars(select(Inbox)).one().text.startswith("/")


@pytest.mark.parametrize("body", ["x" * 1_600, "a\x00b", "\x00", "😀" * 700, "\u202e\u200b"])
def test_whatever_somebody_texts_is_taken_and_answered(
    carrier: Carrier, database: Database, body: str
) -> None:
    assert carrier.text(body).status_code == 200
    assert count(database, Inbox.id) + count(database, Outbound.id) == 1


def test_what_is_not_signed_is_refused(front: Front, database: Database) -> None:
    answer = httpx.post(f"{front.url}/sms/inbound", data=message("hello"))
    assert answer.status_code == 403
    assert count(database, SmsReceived.sid) == 0


def test_twilio_is_never_told_to_wait(settings: Settings, database: Database) -> None:
    with running_front(settings, database, rates=Rates(1, 1, 1, 1), **TEXTING) as front:
        carrier = Carrier(front.url, front.settings.public_url)
        assert {carrier.text("STATUS").status_code for _ in range(40)} == {200}
        carrier.close()


def test_without_an_account_there_is_no_such_address(
    settings: Settings, database: Database
) -> None:
    with running_front(settings, database) as front:
        assert httpx.post(f"{front.url}/sms/inbound", data={}).status_code == 404


def test_a_sid_that_is_none_is_refused(carrier: Carrier) -> None:
    assert carrier.text("hello", MessageSid="SM123").status_code == 400
    assert carrier.text("hello", MessageSid=new_sid()).status_code == 200
