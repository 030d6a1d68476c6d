"""The stand-in for Twilio says what Twilio says, and its webhooks reach the service signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from bot.clock import now
from bot.messages.outbox import queue_sms
from bot.phones.finding import phone_of
from bot.settings import Settings
from bot.store import Database, Inbox, Outbound, SmsReceived, SmsStatus
from connectors.demo.phone import PHONES
from tests.connectors.serving import Front, running_front
from tests.support.twilio import DEMO_ACCOUNT, DEMO_FROM, DEMO_TOKEN, Stand, running_twilio, texting

PATH = f"/2010-04-01/Accounts/{DEMO_ACCOUNT}/Messages"
GOOD = {"To": PHONES[0], "From": DEMO_FROM, "Body": "Bonjour"}


@pytest.fixture
def stand() -> Iterator[Stand]:
    with running_twilio() as running:
        yield running


@pytest.fixture
def api(stand: Stand) -> Iterator[httpx.Client]:
    auth = (DEMO_ACCOUNT, DEMO_TOKEN)
    with httpx.Client(base_url=stand.url, auth=auth, timeout=30) as client:
        yield client


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": "613"}, 21211),
        ({"To": "+15005550003"}, 21408),
        ({"Body": ""}, 21602),
        ({"From": ""}, 21603),
        ({"To": ""}, 21604),
        ({"From": "+16135550199"}, 21606),
        ({"To": "+15005550004"}, 21610),
        ({"Body": "x" * 1601}, 21617),
    ],
)
def test_an_error_has_twilio_s_code_words_and_address(
    api: httpx.Client, changes: dict[str, str], code: int
) -> None:
    answer = api.post(f"{PATH}.json", data={**GOOD, **changes})
    body = answer.json()
    assert (answer.status_code, body["code"], body["status"]) == (400, code, 400)
    assert body["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert body["message"] and "{" not in body["message"]


def test_another_account_or_token_gets_nothing(api: httpx.Client, stand: Stand) -> None:
    for auth in (("AC" + "1" * 32, DEMO_TOKEN), (DEMO_ACCOUNT, "wrong")):
        answer = api.post(f"{PATH}.json", data=GOOD, auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert stand.bodies() == []


def test_too_fast_says_how_long_to_wait(api: httpx.Client, stand: Stand) -> None:
    stand.twilio.plan.append("429")
    answer = api.post(f"{PATH}.json", data=GOOD)
    assert (answer.status_code, answer.json()["code"]) == (429, 20429)
    assert answer.headers["Retry-After"] == "20"


@pytest.mark.parametrize(("fault", "taken"), [("lost_before", 0), ("lost_after", 1)])
def test_a_lost_answer_is_a_closed_connection(
    api: httpx.Client, stand: Stand, fault: str, taken: int
) -> None:
    stand.twilio.plan.append(fault)
    with pytest.raises(httpx.RemoteProtocolError):
        api.post(f"{PATH}.json", data=GOOD)
    assert len(stand.bodies()) == taken


def test_what_was_taken_is_listed_newest_first_by_pages_and_can_be_fetched(
    api: httpx.Client, stand: Stand
) -> None:
    sids = [api.post(f"{PATH}.json", data=GOOD).json()["sid"] for _ in range(5)]
    shown, path = [], f"{PATH}.json?PageSize=2&To=%2B{PHONES[0][1:]}"
    while path:
        page = api.get(path).json()
        shown += [message["sid"] for message in page["messages"]]
        path = page["next_page_uri"]
    assert shown == sids[::-1]
    assert api.get(f"{PATH}/{sids[0]}.json").json()["status"] == "queued"
    missing = api.get(f"{PATH}/SM{'0' * 32}.json")
    assert (missing.status_code, missing.json()["code"]) == (404, 20404)
    assert api.get(f"{PATH}.json", params={"DateSent>": "2020-01-01"}).json()["messages"] == []
    stand.wait(stand.twilio.deliver(stand.twilio.thread(PHONES[0])[0], "silent"))
    since = (now() - timedelta(minutes=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
    found = api.get(f"{PATH}.json", params={"DateSent>": since}).json()["messages"]
    assert [message["sid"] for message in found] == sids[:1]


@pytest.fixture
def front(settings: Settings, database: Database) -> Iterator[Front]:
    with running_front(settings, database, **texting("")) as running:
        yield running


def sent(front: Front, stand: Stand) -> Any:
    """A message of ours that Twilio took, with the address for its callbacks."""
    with front.database.write() as session:
        phone = phone_of(session, PHONES[0], "fr")
        reference = queue_sms(session, phone=phone, language="fr", text="x")
        callback = f"{front.url}/sms/status?ref={reference}"
    return stand.twilio.create({**GOOD, "StatusCallback": callback})


@pytest.mark.parametrize(
    ("fate", "state"),
    [("delivered", "delivered"), ("reversed", "delivered"), ("doubled", "delivered"),
     ("30003", "undelivered"), ("silent", "queued")],
)  # fmt: skip
def test_callbacks_in_any_order_and_number_tell_what_became_of_a_message(
    front: Front, fate: str, state: str
) -> None:
    with running_twilio(front.url, front.url) as stand:
        message = sent(front, stand)
        stand.wait(stand.twilio.deliver(message, fate))
        stand.wait(stand.twilio.repeat(message, backwards=True))
    with front.database.read() as session:
        row = session.scalars(select(Outbound)).one()
        assert row.state == state
        assert row.error == ("30003" if fate == "30003" else None)
        told = session.scalar(select(func.count()).select_from(SmsStatus))
    assert told == (0 if fate == "silent" else 3)


def test_a_callback_that_is_not_twilio_s_changes_nothing(front: Front) -> None:
    with running_twilio(front.url, front.url) as stand:
        message = sent(front, stand)
        form = message.callback_form("delivered")
        other = message.callback.replace("ref=", "ref=0")
        signed = stand.twilio.webhooks.signature(message.callback, form)
        wrong: list[tuple[str, dict[str, str], dict[str, str]]] = [
            (message.callback, form, {}),
            (message.callback, form, {"X-Twilio-Signature": "x" * 28}),
            (message.callback, {**form, "MessageStatus": "failed"}, {"X-Twilio-Signature": signed}),
            (other, form, {"X-Twilio-Signature": signed}),
        ]
        for url, body, headers in wrong:
            assert httpx.post(url, data=body, headers=headers, timeout=30).status_code == 403
    with front.database.read() as session:
        assert session.scalar(select(func.count()).select_from(SmsStatus)) == 0


def test_a_phone_texts_by_the_page_and_again_without_effect(front: Front) -> None:
    browser = {"Origin": front.url}
    with httpx.Client(base_url=front.url, headers=browser, timeout=30) as client:
        text = {"phone": PHONES[0], "text": "Where is my card?"}
        assert client.post("/demo/phone/text", data=text).status_code == 303
        (message,) = client.get("/demo/phone.json").json()["messages"]
        again = {"phone": PHONES[0], "sid": message["sid"]}
        assert client.post("/demo/phone/again", data=again).status_code == 303
        assert "200, 200" in client.get("/demo/phone.json").json()["messages"][0]["more"]
    with front.database.read() as session:
        assert session.scalars(select(Inbox.text)).all() == ["Where is my card?"]
        assert session.scalar(select(func.count(SmsReceived.sid))) == 1


@pytest.mark.parametrize(
    ("act", "form", "status"),
    [
        ("text", {"phone": "+14165550199", "text": "x"}, 400),
        ("text", {"phone": PHONES[0], "text": " "}, 400),
        ("again", {"sid": "SM1"}, 400),
        ("plan", {"fate": "made_up"}, 400),
        ("nothing", {"phone": PHONES[0]}, 404),
    ],
)
def test_a_form_that_is_not_the_page_s_is_refused(
    front: Front, act: str, form: dict[str, str], status: int
) -> None:
    own = {"Origin": front.url}
    assert httpx.post(f"{front.url}/demo/phone/{act}", data=form, headers=own).status_code == status
    elsewhere = {"Origin": "https://elsewhere.example"}
    other = httpx.post(f"{front.url}/demo/phone/{act}", data=form, headers=elsewhere)
    assert other.status_code == 403


def test_with_an_account_of_one_s_own_there_is_no_stand_in(
    settings: Settings, database: Database
) -> None:
    own = texting("", twilio_account_sid="AC" + "1" * 32)
    with running_front(settings, database, **own) as front:
        assert httpx.get(f"{front.url}/demo/phone.json").status_code == 404
        assert httpx.get(f"{front.url}/demo/twilio{PATH}.json").status_code == 404
        assert "phone__case" not in httpx.get(f"{front.url}/demo").text
