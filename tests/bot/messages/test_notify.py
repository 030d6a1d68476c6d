"""GC Notify gets the message once and names it by our reference; what it refuses waits."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from sqlalchemy import select, update

from bot.clock import now
from bot.messages import mail
from bot.messages.outbox import queue_mail
from bot.messages.pauses import BEFORE_ASKING
from bot.messages.sender import ASKED, FIRST_PAUSE, LEASE, LONGEST_PAUSE, MAX_TRIES, Sender
from bot.settings import Settings
from bot.store import Database, Outbound
from tests.conftest import make_settings

SERVICE, SECRET = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-aaaaaaaaaaaa"
TEMPLATE = "bbbbbbbb-cccc-dddd-eeee-ffffffffffff"


class Notify(ThreadingHTTPServer):
    """A stand-in that keeps what it gets and answers with `status`, or never if it `hangs`. Asked
    for a reference it tells what it took, unless `is_asked_in_vain`."""

    daemon_threads = True
    status = 201
    is_asked_in_vain = False
    hangs: threading.Event | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[dict[str, Any]] = []
        self.taken: list[str] = []
        self.asked: list[str] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *given: Any) -> None:
        """A sender that was killed takes no answer; everything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*given)


class _Handler(BaseHTTPRequestHandler):
    server: Notify

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.paths.append(self.path)
        self.server.headers.append(dict(self.headers))
        self.server.got.append(json.loads(body))
        if self.server.hangs:
            self.server.hangs.wait(10)
            return
        if self.server.status == 201:
            self.server.taken.append(json.loads(body)["reference"])
        self._answer(self.server.status, {"id": "1"} if self.server.status == 201 else {})

    def do_GET(self) -> None:
        (reference,) = parse_qs(urlsplit(self.path).query)["reference"]
        self.server.asked.append(reference)
        taken = [{"id": "1", "reference": reference}] * self.server.taken.count(reference)
        self._answer(500 if self.server.is_asked_in_vain else 200, {"notifications": taken})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        answer = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Nothing: it would print every request."""


def notify_settings(url: str) -> dict[str, str]:
    """The environment of a process that sends by way of the stand-in at `url`."""
    return {
        "NOTIFY_API_KEY": f"passage-{SERVICE}-{SECRET}",
        "NOTIFY_BASE_URL": url,
        "NOTIFY_TEMPLATE_ID": TEMPLATE,
    }


@pytest.fixture
def notify() -> Iterator[Notify]:
    with Notify() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        if server.hangs:
            server.hangs.set()
        server.shutdown()
        thread.join(10)


@pytest.fixture
def sender(settings: Settings, database: Database, notify: Notify) -> Sender:
    return new_sender(settings, database, notify.url)


def new_sender(settings: Settings, database: Database, url: str) -> Sender:
    own = make_settings(
        settings.home, database.url, notify_api_key=f"passage-{SERVICE}-{SECRET}",
        notify_base_url=url, notify_template_id=TEMPLATE,
    )  # fmt: skip
    return Sender(own, database)


def queue(database: Database, to: str | None = "a@example.ca", language: str = "fr") -> str:
    """Queue a code; its reference."""
    with database.write() as session:
        return queue_mail(
            session, to=to, language=language, template="code", code="1234 5678",
            service="https://passage.example.ca", not_me="https://passage.example.ca/fr/not-me/x",
        )  # fmt: skip


def row(database: Database) -> Outbound:
    with database.read() as session:
        return session.scalars(select(Outbound)).one()


async def test_a_message_is_posted_to_the_address_that_was_set_with_template_and_reference(
    database: Database, sender: Sender, notify: Notify
) -> None:
    reference = queue(database)
    subject, text = row(database).subject, row(database).text
    assert await sender.send_next()
    assert notify.paths == ["/v2/notifications/email"]
    assert notify.got == [
        {
            "email_address": "a@example.ca",
            "template_id": TEMPLATE,
            "personalisation": {"subject": subject, "text": text},
            "reference": reference,
        }
    ]
    assert "1234 5678" in text
    assert (row(database).state, row(database).text) == ("sent", "")


async def test_the_key_itself_is_not_sent(
    database: Database, sender: Sender, notify: Notify
) -> None:
    queue(database)
    await sender.send_next()
    sent = str(notify.headers) + str(notify.got)
    assert "Bearer " in sent
    assert SECRET not in sent


async def test_a_decoy_is_not_posted_and_done_like_any_other(
    database: Database, sender: Sender, notify: Notify
) -> None:
    queue(database, to=None)
    assert await sender.send_next()
    assert notify.got == []
    assert (row(database).state, row(database).text) == ("sent", "")


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
async def test_what_is_refused_waits_with_its_text(
    database: Database, sender: Sender, notify: Notify, status: int
) -> None:
    reference = queue(database)
    notify.status = status
    assert await sender.send_next()
    assert len(notify.got) == 1
    assert not await sender.send_next(), "not at once"
    assert (row(database).state, row(database).tries) == ("queued", 1)
    assert "1234 5678" in row(database).text
    notify.status = 201
    with time_machine.travel(row(database).due_at, tick=True):
        assert await sender.send_next()
    assert row(database).state == "sent"
    assert {body["reference"] for body in notify.got} == {reference}, "the same for both tries"


async def test_the_pauses_grow_up_to_a_longest(
    database: Database, sender: Sender, notify: Notify
) -> None:
    queue(database)
    notify.status = 503
    moment, pauses = now(), []
    for _ in range(MAX_TRIES):
        with time_machine.travel(moment, tick=False):
            assert await sender.send_next()
        pauses.append(row(database).due_at - moment)
        moment = row(database).due_at
    wanted = [max(min(FIRST_PAUSE * 2**n, LONGEST_PAUSE), BEFORE_ASKING) for n in range(1, 25)]
    # The last pause is not taken any more. Each differs by up to a tenth, by chance.
    off = [abs(pause / plan - 1) for pause, plan in zip(pauses, wanted, strict=True)][:-1]
    assert max(off) <= 0.1 and len(set(off)) > 12
    assert sum(pauses, timedelta(0)) > timedelta(hours=3)
    assert (row(database).state, row(database).text) == ("failed", "")
    assert len(notify.got) == MAX_TRIES


async def test_who_does_not_answer_is_given_up_and_asked_again(
    settings: Settings, database: Database, notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.3)
    notify.hangs = threading.Event()
    queue(database)
    assert await new_sender(settings, database, notify.url).send_next()
    assert (row(database).state, row(database).tries) == ("queued", 1)
    assert len(notify.got) == 1


async def test_nobody_at_the_address_is_a_refusal_like_another(
    settings: Settings, database: Database, notify: Notify
) -> None:
    url = notify.url
    notify.server_close()
    queue(database)
    assert await new_sender(settings, database, url).send_next()
    assert (row(database).state, row(database).tries) == ("queued", 1)


async def test_a_sender_that_dies_after_sending_asks_before_it_would_send_again(
    settings: Settings, database: Database, sender: Sender, notify: Notify,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    reference = queue(database)
    await dies_after_sending(sender, monkeypatch)
    second = new_sender(settings, database, notify.url)
    assert not await second.send_next(), "leased"
    with time_machine.travel(now() + LEASE + timedelta(seconds=1), tick=True):
        assert await second.send_next()
    assert [body["reference"] for body in notify.got] == notify.asked == [reference]
    assert (row(database).state, row(database).provider_id) == ("sent", "1")


async def test_what_cannot_be_asked_about_waits_and_goes_out_in_the_end(
    settings: Settings, database: Database, sender: Sender, notify: Notify,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Rather twice, under the same reference, than never."""
    reference = queue(database)
    await dies_after_sending(sender, monkeypatch)
    notify.is_asked_in_vain = True
    second, moment = new_sender(settings, database, notify.url), now() + LEASE
    for tries in range(ASKED + 1):
        assert (row(database).state, row(database).tries, len(notify.got)) == ("queued", tries, 1)
        moment += timedelta(minutes=1)
        with time_machine.travel(moment, tick=True):
            assert await second.send_next()
    assert row(database).state == "sent"
    assert [body["reference"] for body in notify.got] == [reference] * 2


async def dies_after_sending(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(sender, "_note", die)
    with pytest.raises(SystemExit):
        await sender.send_next()


async def test_a_code_that_expired_while_it_waited_is_not_posted(
    database: Database, sender: Sender, notify: Notify
) -> None:
    queue(database)
    with database.write() as session:
        session.execute(update(Outbound).values(useless_after=now() - timedelta(seconds=1)))
    assert await sender.send_next()
    assert notify.got == []
    assert (row(database).state, row(database).text) == ("failed", "")
