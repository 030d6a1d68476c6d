"""E-mail leaves through a real SMTP server, waits when it is refused, and is emptied once sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlalchemy import select

from bot.clock import now
from bot.messages.outbox import queue_mail
from bot.messages.sender import MAX_TRIES, Sender
from bot.settings import Settings, SettingsError
from bot.store import Database, DemoMail, Outbound
from tests.conftest import make_settings
from tests.support.processes import free_port

CODE = {
    "template": "code",
    "code": "1234 5678",
    "service": "passage.example.ca",
    "not_me": "https://passage.example.ca/en/not-me/x",
}


class Mailbox:
    """An SMTP handler that keeps what it gets, or refuses while `refusing`."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.refusing = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refusing:
            return "451 try again later"
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    handler = Mailbox()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield handler, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def queue(database: Database, to: str | None = "a@example.ca", language: str = "fr") -> None:
    with database.write() as session:
        queue_mail(session, to=to, language=language, **CODE)


def rows(database: Database) -> list[Outbound]:
    with database.read() as session:
        return list(session.scalars(select(Outbound).order_by(Outbound.id)))


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_message_reaches_the_mail_host_and_its_text_is_not_kept(
    settings: Settings, database: Database, mailbox: tuple[Mailbox, str], language: str
) -> None:
    handler, url = mailbox
    queue(database, language=language)
    sender = Sender(make_settings(settings.home, database.url, smtp_url=url), database)
    assert await sender.send_next()
    assert not await sender.send_next()
    (mail,) = handler.got
    assert mail["To"] == "a@example.ca"
    assert mail["Content-Language"] == language
    assert "1234 5678" in mail.get_content()
    (row,) = rows(database)
    assert (row.state, row.text) == ("sent", "")


async def test_a_refused_message_is_tried_again_later(
    settings: Settings, database: Database, mailbox: tuple[Mailbox, str]
) -> None:
    handler, url = mailbox
    handler.refusing = True
    queue(database)
    sender = Sender(make_settings(settings.home, database.url, smtp_url=url), database)
    assert await sender.send_next()
    assert not await sender.send_next(), "not at once"
    handler.refusing = False
    with time_machine.travel(now() + timedelta(minutes=1), tick=True):
        assert await sender.send_next()
    assert len(handler.got) == 1
    assert rows(database)[0].state == "sent"


class GoneMail:
    """A mail host that nobody answers at."""

    async def send(self, message: Outbound) -> None:
        raise ConnectionRefusedError


async def test_a_mail_host_that_is_gone_loses_nothing(
    settings: Settings, database: Database
) -> None:
    queue(database)
    sender = Sender(settings, database)
    sender._mail = GoneMail()
    moment = now()
    for hours in range(MAX_TRIES):
        with time_machine.travel(moment + timedelta(hours=hours), tick=True):
            assert await sender.send_next()
    (row,) = rows(database)
    assert (row.state, row.tries) == ("failed", MAX_TRIES)
    assert row.text == "", "what will not be sent is not kept"


async def test_a_code_that_has_expired_is_not_sent_any_more(
    settings: Settings, database: Database
) -> None:
    with database.write() as session:
        queue_mail(session, to="a@example.ca", language="en",
                   useless_after=now() - timedelta(seconds=1), **CODE)  # fmt: skip
    assert await Sender(settings, database).send_next()
    (row,) = rows(database)
    assert (row.state, row.text) == ("failed", "")


async def test_two_senders_never_take_the_same_message(
    settings: Settings, database: Database
) -> None:
    queue(database)
    first, second = Sender(settings, database), Sender(settings, database)
    assert len(first._turn(("email",), [], 5)) == 1
    assert second._turn(("email",), [], 5) == []


async def test_a_decoy_costs_the_same_work_and_is_never_sent(
    settings: Settings, database: Database, mailbox: tuple[Mailbox, str]
) -> None:
    handler, url = mailbox
    queue(database, to=None)
    sender = Sender(make_settings(settings.home, database.url, smtp_url=url), database)
    assert await sender.send_next()
    assert handler.got == []
    (row,) = rows(database)
    assert (row.state, row.text) == ("sent", ""), "emptied as any other"


async def test_without_a_mail_host_the_demo_keeps_a_mailbox(
    settings: Settings, database: Database
) -> None:
    queue(database)
    assert await Sender(settings, database).send_next()
    with database.read() as session:
        assert "1234 5678" in session.scalars(select(DemoMail.text)).one()


def test_outside_the_demo_a_way_to_send_must_be_set(settings: Settings, database: Database) -> None:
    with pytest.raises(SettingsError, match="SMTP_URL"):
        Sender(make_settings(settings.home, database.url, demo=False), database)
    with pytest.raises(SettingsError, match="SMTP_URL"):
        Sender(make_settings(settings.home, database.url, smtp_url="localhost"), database)


def test_a_name_with_a_line_break_adds_no_header(settings: Settings, database: Database) -> None:
    from bot.messages.mail import SmtpMail

    mail = SmtpMail(make_settings(settings.home, database.url, smtp_url="smtp://127.0.0.1:25"))
    message = Outbound(reference="r", recipient="a@example.ca\r\nBcc: b@example.ca",
                       subject="Your code", text="x", language="en")  # fmt: skip
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        mail._compose(message)
