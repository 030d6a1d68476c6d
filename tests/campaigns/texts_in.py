"""Twilio brings a text again and again, or cannot bring it: each has one turn, in its order."""

from __future__ import annotations

import asyncio
import random
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import time_machine
from sqlalchemy import func, select

from bot.clock import now
from bot.messages.texting import TwilioText
from bot.phones.received import take_in
from bot.store import Conversation, Database, Inbox, Line, SmsReceived
from bot.upkeep import ASKING_SECONDS, take_in_missed
from connectors.demo.messages import Message
from connectors.demo.twilio import Twilio
from connectors.demo.webhooks import Webhooks
from tests.bot.identity.fresh import fresh_sqlite, public_front
from tests.bot.identity.people import PUBLIC_URL
from tests.campaigns.outcome import Outcome
from tests.conftest import make_settings
from tests.connectors.serving import Front, StandIn
from tests.support.twilio import DEMO_ACCOUNT, DEMO_FROM, DEMO_TOKEN, running_twilio, texting

AT_ONCE = 32
# From one phone in a few minutes: fewer than what makes the service ask for a pause.
FROM_ONE = 10
MOST_COPIES = 5
PATIENCE_SECONDS = 300
AREAS = (613, 514, 604, 416, 403, 204, 902, 506, 306, 709)


def texts_are_brought_again(count: int, seed: int) -> Outcome:
    """`count` texts, each 1 to 5 times, 32 requests at once: some copies at the same moment, the
    others any time later, among those of everybody else."""
    outcome = Outcome("repeated texts", seed)
    chosen = random.Random(seed)
    with (
        fresh_sqlite() as database,
        public_front(database, **texting("http://127.0.0.1:9")) as front,
    ):
        webhooks = Webhooks(DEMO_TOKEN, PUBLIC_URL, front.url)
        twilio = Twilio(DEMO_ACCOUNT, DEMO_TOKEN, DEMO_FROM, webhooks)
        texts = _texts(twilio, count)
        with StandIn(database):
            statuses = asyncio.run(_Bringing(front, twilio, texts, chosen).all())
            _wait_until_answered(database)
        outcome.failures += _not_one_turn_each(database, texts)
        outcome.failures += [f"answered {n}" for n in set(statuses) - {200}]
        outcome.figures = {
            "texts": count, "requests": sum(statuses.values()), "turns": _count(database, Inbox.id),
        }  # fmt: skip
    return outcome


def _texts(twilio: Twilio, count: int) -> dict[str, list[Message]]:
    """{number: its texts in their order}"""
    texts: dict[str, list[Message]] = defaultdict(list)
    for index in range(count):
        number = number_of(index // FROM_ONE)
        texts[number].append(twilio.receive(number, f"question {index}"))
    return texts


def number_of(index: int) -> str:
    """An invented number: 555-0100 to 555-0199 of a Canadian area."""
    area, last = AREAS[index // 100 % len(AREAS)], index % 100
    return f"+1{area}55501{last:02}"


class _Bringing:
    """Posts everything: the texts of one phone one after another, all phones together."""

    def __init__(
        self, front: Front, twilio: Twilio, texts: dict[str, list[Message]], chosen: random.Random
    ) -> None:
        self._url, self._twilio, self._texts, self._chosen = front.url, twilio, texts, chosen
        self._statuses: Counter[int] = Counter()
        self._later: list[Message] = []

    async def all(self) -> Counter[int]:
        self._gate = asyncio.Semaphore(AT_ONCE)
        limits = httpx.Limits(max_connections=AT_ONCE)
        async with httpx.AsyncClient(base_url=self._url, timeout=60, limits=limits) as client:
            self._client = client
            phones = list(self._texts.values())
            self._chosen.shuffle(phones)
            await asyncio.gather(*map(self._phone, phones))
            self._chosen.shuffle(self._later)
            await asyncio.gather(*map(self._bring, self._later))
        return self._statuses

    async def _phone(self, messages: list[Message]) -> None:
        for message in messages:
            copies = self._chosen.randint(1, MOST_COPIES)
            at_once = self._chosen.randint(1, copies)
            for _ in range(copies - at_once):
                self._later.append(message)
            old = [] if not self._later or self._chosen.random() < 0.5 else [self._an_old_one()]
            await asyncio.gather(*map(self._bring, [*[message] * at_once, *old]))

    def _an_old_one(self) -> Message:
        return self._later.pop(self._chosen.randrange(len(self._later)))

    async def _bring(self, message: Message) -> None:
        signature = self._twilio.webhooks.signature(f"{PUBLIC_URL}/sms/inbound", message.form)
        async with self._gate:
            answer = await self._client.post(
                "/sms/inbound", data=message.form, headers={"X-Twilio-Signature": signature}
            )
        self._statuses[answer.status_code] += 1


def texts_are_recovered(count: int, seed: int) -> Outcome:
    """Nobody is there while `count` texts come; then Twilio's list is read until all are in, in
    the times that the upkeep reads it."""
    outcome = Outcome("texts while we were away", seed)
    with (
        fresh_sqlite() as database,
        running_twilio() as stand,
        tempfile.TemporaryDirectory(prefix="passage-home-") as home,
    ):
        settings = make_settings(Path(home), database.url, **texting(stand.url))
        twilio = TwilioText(settings)
        _some_came_before(settings, database, stand.twilio)
        texts = _texts(stand.twilio, count)
        looked, seconds = 0, 0.0
        while seconds <= 90 and _count(database, SmsReceived.sid) < count + 1:
            # What has just come is left to Twilio for a moment: the clock goes on by the pause.
            with _later_by(seconds):
                take_in_missed(settings, database, twilio)
            looked, seconds = looked + 1, seconds + ASKING_SECONDS
        with _later_by(seconds):
            again = take_in_missed(settings, database, twilio)
        outcome.failures += _not_one_turn_each(database, texts, extra=1, answered=False)
        if again:
            outcome.failures.append(f"{again} taken in again")
    outcome.figures = {
        "texts": count, "recovered": count, "looks at the list": looked,
        "seconds until all were in": int(seconds - ASKING_SECONDS),
    }  # fmt: skip
    return outcome


def _some_came_before(settings: Any, database: Database, twilio: Twilio) -> None:
    """One text that was brought the usual way, and one look at the list, as in any hour."""
    known = twilio.receive(number_of(999), "before")
    with database.write() as session:
        take_in(session, settings, sid=known.sid, sender=known.sender, body=known.body)


@contextmanager
def _later_by(seconds: float) -> Iterator[None]:
    with time_machine.travel(now() + timedelta(seconds=seconds), tick=True):
        yield


def _count(database: Database, column: Any) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count(column))))


def _wait_until_answered(database: Database) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with database.read() as session:
            if not session.scalar(select(func.count(Inbox.id)).where(Inbox.state == "new")):
                return
        threading.Event().wait(0.1)
    raise TimeoutError("texts were not answered")


def _not_one_turn_each(
    database: Database, texts: dict[str, list[Message]], extra: int = 0, answered: bool = True
) -> list[str]:
    """What differs between what phones sent and what stands in the inbox and was answered."""
    sent = sorted([message.body for message in each] for each in texts.values())
    with database.read() as session:
        talks = list(session.scalars(select(Conversation.id)))
        stored = [
            [text for text in session.scalars(
                select(Inbox.text).where(Inbox.conversation_id == talk).order_by(Inbox.id)
            ) if text != "before"]
            for talk in talks
        ]  # fmt: skip
        answers = session.scalar(select(func.count(Line.number)).where(Line.author == "bot"))
    wrong = [] if sorted(filter(None, stored)) == sent else ["the inbox is not what was sent"]
    count = sum(map(len, texts.values()))
    sids = _count(database, SmsReceived.sid)
    if sids != count + extra:
        wrong.append(f"{sids} sids for {count}")
    if answered and answers != count:
        wrong.append(f"{answers} answers to {count}")
    return wrong
