"""A code leaves through a real mail server and signs in; and whatever the mail host does, nobody at
the page sees any of it: the bytes are those of a host that takes everything at once."""

from __future__ import annotations

import asyncio
import email
import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from email import policy
from itertools import count
from typing import Any
from unittest import mock

import httpx
from aiosmtpd.controller import Controller
from sqlalchemy import select

from bot.messages import mail
from bot.messages import sender as sender_module
from bot.messages.sender import Sender
from bot.store import Database, Outbound
from tests.bot.identity.fresh import fresh_sqlite
from tests.bot.identity.people import CLIENTS, add_client, client_form
from tests.campaigns.enumeration import (
    DOORS,
    LANGUAGES,
    PageVisit,
    PlainVisit,
    differences,
    hurried_front,
)
from tests.campaigns.outcome import Outcome
from tests.connectors.serving import Front
from tests.support.processes import free_port

PATIENCE_SECONDS = 30
IMPATIENCE_SECONDS = 1  # instead of the sender's ten, for a host that never answers
KINDS = ("match", "unknown file")
Visited = PageVisit | PlainVisit


class Host:
    """A mail host: `says` answers a message's DATA, after `pause` seconds."""

    def __init__(self, says: str = "250 OK", pause: float = 0, at_recipient: bool = False) -> None:
        self.says, self.pause, self.at_recipient = says, pause, at_recipient
        self.tried = 0
        self.got: list[Any] = []

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.at_recipient:
            self.tried += 1
            return self.says
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.tried += 1
        await asyncio.sleep(self.pause)
        if self.says.startswith("250"):
            self.got.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return self.says


@contextmanager
def serving(host: Host) -> Iterator[str]:
    """The address of an SMTP server with this host's manners."""
    controller = Controller(host, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@contextmanager
def hanging() -> Iterator[str]:
    """The address of a host that takes the call and never says a word."""
    with (
        mock.patch.object(mail, "TIMEOUT_SECONDS", IMPATIENCE_SECONDS),
        socket.create_server(("127.0.0.1", 0), backlog=64) as listener,
    ):
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def dead() -> Iterator[str]:
    """An address at which nobody is."""
    yield f"smtp://127.0.0.1:{free_port()}"


# The first one is what the others are held against; sent: what becomes of the message.
HOSTS: Mapping[str, tuple[Callable[[], AbstractContextManager[str]], bool]] = {
    "good": (lambda: serving(Host()), True),
    "slow": (lambda: serving(Host(pause=0.7)), True),
    "refuses for now": (lambda: serving(Host("451 try again later")), False),
    "refuses the message": (lambda: serving(Host("554 no")), False),
    "refuses the person": (lambda: serving(Host("550 no such user", at_recipient=True)), False),
    "hanging": (hanging, False),
    "dead": (dead, False),
}


@contextmanager
def sending(front: Front, url: str) -> Iterator[None]:
    """The sender's own loop in a thread, with its own connections, as its process has them."""
    settings = replace(front.settings, smtp_url=url)
    database = Database(front.database.url, front.database.keys)
    sender = Sender(settings, database)
    thread = threading.Thread(target=lambda: asyncio.run(sender.run()), daemon=True)
    with mock.patch.object(sender_module, "log"):  # every refusal is logged, and meant here
        thread.start()
        try:
            yield
        finally:
            sender.stop()
            thread.join(PATIENCE_SECONDS)
            database.close()


def the_mail_host_changes_nothing(runs: int, seed: int) -> Outcome:
    """`runs` of each host, way in, language and outcome; then a code signs in by each way."""
    outcome = no_host_is_seen(runs, seed)
    numbers = count(1)
    with fresh_sqlite() as database, hurried_front(database) as (front, client):
        for door in DOORS:
            for language in LANGUAGES:
                _signs_in(outcome, front, client, door, language, next(numbers))
    outcome.figures["signed in with a mailed code"] = next(numbers) - 1
    return outcome


def no_host_is_seen(runs: int, seed: int, hosts: tuple[str, ...] = tuple(HOSTS)) -> Outcome:
    """The first part of it, with these hosts."""
    outcome = Outcome("mail hosts", seed)
    figures, numbers = Counter[str](), count(1_001)
    expected: dict[Any, list[Any]] = {}
    with fresh_sqlite() as database, hurried_front(database) as (front, client):
        for name in hosts:
            host, is_sent = HOSTS[name]
            with host() as url, sending(front, url):
                visits = _visits(front, client, runs, numbers, random.Random(seed))
                for key, trace in visits:
                    figures["visits"] += 1
                    figures["bytes compared"] += sum(len(s) for s in trace if isinstance(s, bytes))
                    found = differences(expected.setdefault(key, trace), trace)
                    outcome.failures += [f"{name}, {key}: {what}" for what in found]
                outcome.failures += [f"{name}: {what}" for what in _not_as_meant(database, is_sent)]
                figures["messages"] += _forget(database)
    outcome.figures = dict(figures)
    return outcome


def _visits(
    front: Front, client: httpx.Client, runs: int, numbers: Iterator[int], chosen: random.Random
) -> Iterator[tuple[Any, list[Any]]]:
    """((way in, language), trace) of details and wrong codes, in an order of chance."""
    cases = [(d, lang, kind) for d in DOORS for lang in LANGUAGES for kind in KINDS] * runs
    chosen.shuffle(cases)
    for door, language, kind in cases:
        number = next(numbers)
        with front.database.write() as session:
            form = CLIENTS[kind](session, number)
        visit = door(front, client, language, number)
        # No code to read: what the sender has sent is not kept. One in a hundred million is right.
        visit.send(form)
        for _ in range(2):
            visit.enter("0000 0000")
        yield (door.name, language), visit.trace


def _not_as_meant(database: Database, is_sent: bool) -> list[str]:
    """Each message was really tried, and waits when it was refused."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        rows = _to_somebody(database)
        waiting = [row for row in rows if row.state == "queued" and (is_sent or row.tries == 0)]
        if not waiting or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    if not rows or waiting:
        return [f"{len(waiting)} of {len(rows)} messages were not tried"]
    states = {(row.state, bool(row.text)) for row in rows}
    wanted = {("sent", False)} if is_sent else {("queued", True)}
    return [] if states == wanted else [f"{states}, not {wanted}"]


def _to_somebody(database: Database) -> list[Outbound]:
    with database.read() as session:
        return [row for row in session.scalars(select(Outbound)) if row.recipient]


def _forget(database: Database) -> int:
    """Take away what the next host should not get; how many messages to people there were."""
    found = len(_to_somebody(database))
    with database.write() as session:
        for row in session.scalars(select(Outbound)):
            session.delete(row)
    return found


def _signs_in(
    outcome: Outcome, front: Front, client: httpx.Client, door: type[Visited], language: str,
    number: int,
) -> None:  # fmt: skip
    """The host refuses at first, then takes the message: its code opens the session."""
    host = Host("451 try again later")
    with front.database.write() as session:
        add_client(session, number, language=language)
    with serving(host) as url, sending(front, url):
        visit = door(front, client, language, number)
        visit.send(client_form(number))
        _wait(lambda: host.tried > 0)
        host.says = "250 OK"
        _wait(lambda: bool(host.got))
    message = host.got[0]
    answer = visit.enter(_code_in(message))
    if answer.status_code not in (200, 303) or not _is_verified(visit):
        outcome.failures.append(f"{door.name} {language}: {answer.status_code}, not signed in")
    if (message["To"], message["Content-Language"]) != (f"p{number}@example.ca", language):
        outcome.failures.append(f"{door.name} {language}: to {message['To']}")


def _is_verified(visit: Visited) -> bool:
    return visit.get("/api/chat/conversation").json().get("verified") is True


def _code_in(message: Any) -> str:
    found = re.search(r"\d{4} \d{4}", message.get_content())
    assert found
    return found.group()


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError("the mail host was not tried")
        time.sleep(0.05)
