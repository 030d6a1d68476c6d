"""Several messages on their way at the same time: no more than were allowed, each noted once, and
none lost or doubled when the sender dies with all of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.chat.bell import Bell
from bot.clock import now
from bot.messages import mail
from bot.messages.lane import Ended, Lane
from bot.messages.outbox import queue_mail
from bot.messages.pace import Pace
from bot.messages.sender import LEASE, Sender
from bot.settings import Settings
from bot.store import Database, Outbound
from tests.bot.messages.test_notify import SECRET, SERVICE, TEMPLATE, Notify, notify
from tests.conftest import make_settings
from tests.support.processes import free_port

__all__ = ["notify"]


class Road:
    """Stands in for the database and the provider of a lane: messages are numbers. Once `width`
    are on their way, `arrive` of them arrive, and the last ones in any case."""

    def __init__(self, count: int, width: int, arrive: int) -> None:
        self.waiting = list(range(count))
        self.width, self.arrive = width, arrive
        self.on_the_way: list[asyncio.Event] = []
        self.most = 0
        self.noted: list[list[Any]] = []

    async def turn(self, ended: list[Ended], room: int) -> list[Any]:
        self.noted.append([each.message for each in ended])
        claimed, self.waiting = self.waiting[:room], self.waiting[room:]
        return claimed

    async def carry(self, message: Any) -> Ended:
        arrived = asyncio.Event()
        self.on_the_way.append(arrived)
        self.most = max(self.most, len(self.on_the_way))
        if len(self.on_the_way) >= self.width:
            for _ in range(self.arrive if self.waiting else self.width):
                self.on_the_way.pop(0).set()
        await arrived.wait()
        return Ended(message)

    @property
    def done(self) -> list[Any]:
        return [message for turn in self.noted for message in turn]


async def run(road: Road, settings: Settings, until: int) -> None:
    lane = Lane(road.width, road.turn, road.carry, Bell(settings.home, "sender"))
    await lane.run(lambda: len(road.done) >= until)


async def test_as_many_as_allowed_are_on_their_way_and_all_are_noted_once(
    settings: Settings,
) -> None:
    road = Road(20, width=5, arrive=1)
    await run(road, settings, until=20)
    assert road.most == 5
    assert Counter(road.done) == Counter(range(20))


async def test_what_ends_together_is_noted_together(settings: Settings) -> None:
    road = Road(20, width=5, arrive=5)
    await run(road, settings, until=20)
    assert [len(turn) for turn in road.noted if turn] == [5, 5, 5, 5]


async def test_once_it_stops_nothing_is_claimed_and_the_rest_is_noted(settings: Settings) -> None:
    road = Road(20, width=5, arrive=5)
    await run(road, settings, until=5)
    assert len(road.done) == 10, "those on their way, and no more"
    assert len(road.waiting) == 10


async def test_what_cannot_be_noted_ends_the_lane(settings: Settings) -> None:
    road = Road(5, width=5, arrive=5)

    async def refuse(ended: list[Ended], room: int) -> list[Any]:
        if ended:
            raise OSError("the database is gone")
        return await road.turn(ended, room)

    with pytest.raises(OSError, match="the database is gone"):
        await Lane(5, refuse, road.carry, Bell(settings.home, "sender")).run(lambda: False)


async def test_who_waits_for_the_pace_at_the_same_time_leaves_one_after_another() -> None:
    moment, left = [100.0], []

    async def sleep(seconds: float) -> None:
        until = moment[0] + seconds
        await asyncio.sleep(0)  # the others come meanwhile
        moment[0] = max(moment[0], until)

    pace = Pace(2, clock=lambda: moment[0], sleep=sleep)

    async def leave() -> None:
        await pace.wait_for(1)
        left.append(moment[0])

    await asyncio.gather(*(leave() for _ in range(4)))
    assert left == [100.0, 100.5, 101.0, 101.5]


class Host:
    """A mail host that knows over how many connections it got what."""

    def __init__(self) -> None:
        self.got: Counter[str] = Counter()
        self.connections: dict[int, Any] = {}

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.connections[id(session)] = (session, server)
        self.got[envelope.rcpt_tos[0]] += 1
        return "250 OK"

    def hang_up(self) -> None:
        for _, server in self.connections.values():
            if server.transport is not None:
                server.loop.call_soon_threadsafe(server.transport.close)


@pytest.fixture
def host() -> Iterator[tuple[Host, str]]:
    handler = Host()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield handler, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def queue(database: Database, count: int, start: int = 0) -> None:
    with database.write() as session:
        for number in range(start, start + count):
            queue_mail(
                session, to=f"p{number}@example.ca", language="en", template="code",
                code="1234 5678", service="passage.example.ca", not_me="x",
            )  # fmt: skip


def rows(database: Database) -> list[Outbound]:
    with database.read() as session:
        return list(session.scalars(select(Outbound).order_by(Outbound.id)))


async def run_until_sent(sender: Sender, database: Database) -> None:
    task = asyncio.ensure_future(sender.run())
    while not task.done() and any(row.state == "queued" for row in rows(database)):
        await asyncio.sleep(0.02)
    sender.stop()
    await task


async def test_connections_are_used_again(
    settings: Settings, database: Database, host: tuple[Host, str]
) -> None:
    handler, url = host
    queue(database, 30)
    own = make_settings(
        settings.home, database.url, smtp_url=url, mail_at_once=3, mail_per_second=1_000
    )
    await run_until_sent(Sender(own, database), database)
    assert handler.got == Counter(f"p{number}@example.ca" for number in range(30))
    assert len(handler.connections) <= 3
    assert {(row.state, row.text) for row in rows(database)} == {("sent", "")}


async def test_a_connection_ends_after_many_messages(
    settings: Settings, database: Database, host: tuple[Host, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(mail, "MOST_ON_ONE", 4)
    handler, url = host
    queue(database, 9)
    sender = Sender(make_settings(settings.home, database.url, smtp_url=url), database)
    for _ in range(9):
        assert await sender.send_next()
    assert len(handler.connections) == 3
    assert handler.got.total() == 9


async def test_a_connection_that_the_host_has_closed_costs_no_try(
    settings: Settings, database: Database, host: tuple[Host, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(mail, "FRESH_SECONDS", 0)
    handler, url = host
    sender = Sender(make_settings(settings.home, database.url, smtp_url=url), database)
    for number in range(2):
        queue(database, 1, start=number)
        assert await sender.send_next()
        handler.hang_up()
    assert [(row.state, row.tries) for row in rows(database)] == [("sent", 0)] * 2
    assert handler.got.total() == len(handler.connections) == 2


async def test_what_was_sent_is_noted_once_the_database_is_back(
    settings: Settings, database: Database, host: tuple[Host, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A mail server cannot be asked: whoever forgot that a message left would send it again."""
    monkeypatch.setattr("bot.messages.sender.AWAY_SECONDS", 0)
    handler, url = host
    queue(database, 3)
    sender = Sender(make_settings(settings.home, database.url, smtp_url=url), database)
    note, refused = sender._note, []

    def refuse(*given: Any) -> None:
        if len(refused) < 4:
            refused.append(given)
            raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
        note(*given)

    monkeypatch.setattr(sender, "_note", refuse)
    await run_until_sent(sender, database)
    assert len(refused) == 4
    assert handler.got == Counter(f"p{number}@example.ca" for number in range(3))


async def test_a_sender_that_dies_with_several_loses_and_doubles_none(
    settings: Settings, database: Database, notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(database, 20)
    own = make_settings(
        settings.home, database.url, notify_api_key=f"passage-{SERVICE}-{SECRET}",
        notify_base_url=notify.url, notify_template_id=TEMPLATE, mail_at_once=5,
        mail_per_second=1_000,
    )  # fmt: skip
    first = Sender(own, database)

    def die(*_: Any) -> None:
        raise OSError("gone")

    monkeypatch.setattr(first, "_note", die)
    with pytest.raises(OSError, match="gone"):
        await first.run()
    waiting = [row for row in rows(database) if row.state == "queued"]
    assert len(waiting) == 20 and sum(row.attempted_at is not None for row in waiting) == 5
    with time_machine.travel(now() + LEASE + timedelta(seconds=1), tick=True):
        await run_until_sent(Sender(own, database), database)
    assert Counter(notify.taken) == Counter(row.reference for row in rows(database))
    assert len(notify.asked) == 5, "only what was in doubt"
