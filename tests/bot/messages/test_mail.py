"""A code leaves encrypted to a server that can prove its name, or it waits."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from bot.clock import now
from bot.messages.outbox import queue_mail
from bot.messages.sender import Sender
from bot.settings import Settings, SettingsError
from bot.store import Database, Outbound
from tests.conftest import make_settings
from tests.support.processes import free_port

Serve = Callable[..., int]


class Mailbox:
    """An SMTP handler that counts what it gets."""

    def __init__(self) -> None:
        self.got = 0

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
        self.got += 1
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def serve(mailbox: Mailbox) -> Iterator[Serve]:
    """Starts a mail server with what aiosmtpd's controller takes; gives its port."""
    running = []

    def start(**how: Any) -> int:
        controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **how)
        controller.start()
        running.append(controller)
        return int(controller.port)

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now() - timedelta(days=1)).not_valid_after(
        now() + timedelta(days=1)
    )
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    path = tmp_path / "mail.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + signed.public_bytes(pem)
    )
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


async def state_after_sending(settings: Settings, database: Database, url: str) -> str:
    """What has become of one message after one try by way of `url`."""
    with database.write() as session:
        queue_mail(
            session, to="a@example.ca", language="en", template="code", code="1234 5678",
            service="https://passage.example.ca", not_me="https://passage.example.ca/not-me",
        )  # fmt: skip
    assert await Sender(
        make_settings(settings.home, database.url, smtp_url=url), database
    ).send_next()
    with database.read() as session:
        message = session.scalars(select(Outbound)).one()
    assert bool(message.text) == (message.state == "queued")
    return str(message.state)


async def test_nothing_is_sent_when_starttls_is_required_and_not_offered(
    settings: Settings, database: Database, serve: Serve, mailbox: Mailbox
) -> None:
    url = f"smtp+starttls://127.0.0.1:{serve()}"
    assert await state_after_sending(settings, database, url) == "queued"
    assert mailbox.got == 0


async def test_starttls_sends(
    settings: Settings, database: Database, serve: Serve, mailbox: Mailbox,
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    port = serve(tls_context=tls, require_starttls=True)
    url = f"smtp+starttls://127.0.0.1:{port}"
    assert await state_after_sending(settings, database, url) == "sent"
    assert mailbox.got == 1


async def test_tls_from_the_start_sends(
    settings: Settings, database: Database, serve: Serve, mailbox: Mailbox,
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = f"smtps://127.0.0.1:{serve(ssl_context=tls)}"
    assert await state_after_sending(settings, database, url) == "sent"
    assert mailbox.got == 1


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
async def test_a_server_that_cannot_prove_its_name_gets_nothing(
    settings: Settings, database: Database, serve: Serve, mailbox: Mailbox,
    tls: ssl.SSLContext, scheme: str,
) -> None:  # fmt: skip
    port = serve(ssl_context=tls) if scheme == "smtps" else serve(tls_context=tls)
    url = f"{scheme}://127.0.0.1:{port}"
    assert await state_after_sending(settings, database, url) == "queued"
    assert mailbox.got == 0


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "SMTP_URL"),
        ({"smtp_url": "smtp://mail.example.ca:25"}, "SMTP_URL"),
        ({"notify_api_key": "hidden"}, "NOTIFY_TEMPLATE_ID"),
    ],
)
def test_the_sender_refuses_what_serve_refuses_in_the_operator_s_language(
    settings: Settings, database: Database, changes: dict[str, str], name: str
) -> None:
    sentences = set()
    for language in ("en", "fr"):
        own = make_settings(settings.home, database.url, demo=False, language=language, **changes)
        with pytest.raises(SettingsError, match=name) as refused:
            Sender(own, database)
        sentences.add(str(refused.value))
    assert len(sentences) == 2
