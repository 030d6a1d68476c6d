"""The sender dies between sending and noting it; Twilio tells what became of messages in any order:
nobody gets a message twice, or none, and the end is always the same."""

from __future__ import annotations

import asyncio
import random
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import time_machine
from sqlalchemy import select

from bot.clock import now
from bot.messages import sender as sender_module
from bot.messages.outbox import queue_mail, queue_sms
from bot.messages.sender import LEASE, Sender
from bot.messages.statuses import MEANING, ORDER
from bot.phones.finding import phone_of
from bot.store import Database, Outbound
from connectors.demo.messages import Form, Message
from connectors.demo.twilio import Twilio
from connectors.demo.webhooks import Webhooks
from tests.bot.identity.fresh import fresh_sqlite, public_front
from tests.bot.identity.people import PUBLIC_URL
from tests.bot.messages.test_notify import SECRET, SERVICE, TEMPLATE, Notify
from tests.campaigns.outcome import Outcome
from tests.campaigns.texts_in import AT_ONCE, number_of
from tests.conftest import make_settings
from tests.support.twilio import DEMO_ACCOUNT, DEMO_FROM, DEMO_TOKEN, Stand, running_twilio, texting

# Few, so that many messages to one number have the same words.
WORDS = ("Your request was received.", "Votre demande a été reçue.", "Reçu : ça y est.")
AFTER, LOST = "after it was sent", "the answer is lost"
DIES = ("before it is sent", AFTER, AFTER, LOST)
# What Twilio may tell of one message, in the order in which it happens.
FATES = [
    ["queued", "sent", "delivered"],
    ["accepted", "queued", "sending", "sent", "delivered"],
    ["queued", "sent", "undelivered"],
    ["queued", "failed"],
    ["queued", "sent"],
    ["queued", "sent", "undelivered", "delivered"],
]


class _Dead(BaseException):
    """The process is gone."""


def senders_die(crashes: int, seed: int) -> Outcome:
    """As many messages as `crashes` between sending and noting it, half of them e-mails; besides,
    senders that die before and answers that are lost. Each time another sender goes on once the
    lease is over, which may die as well."""
    outcome = Outcome("sender dies with a message", seed)
    chosen = random.Random(seed)
    with _sending() as (database, stand, notify, new_sender):
        wanted = _queued(database, crashes, chosen)
        died = _all_sent(database, new_sender, chosen, crashes, stand.twilio)
        texts = Counter((m.to, m.body) for m in stand.twilio.newest("", "", None))
        mails = Counter(notify.taken)
        outcome.failures += _differences("text", wanted["sms"], texts)
        outcome.failures += _differences("e-mail", wanted["email"], mails)
        outcome.figures = {
            **died, "text messages": sum(texts.values()), "e-mails": sum(mails.values()),
        }  # fmt: skip
    return outcome


def _queued(database: Database, count: int, chosen: random.Random) -> dict[str, Counter[Any]]:
    wanted: dict[str, Counter[Any]] = {"sms": Counter(), "email": Counter()}
    with database.write() as session:
        for index in range(count):
            if index % 2:
                reference = queue_mail(
                    session, to="a@example.ca", language="fr", template="code",
                    code="1234 5678", service="https://passage.example.ca", not_me="x",
                )  # fmt: skip
                wanted["email"][reference] += 1
                continue
            number, text = number_of(chosen.randrange(max(count // 20, 1))), chosen.choice(WORDS)
            phone = phone_of(session, number, "fr")
            queue_sms(session, phone=phone, language="fr", text=text)
            wanted["sms"][number, text.replace("’", "'")] += 1
    return wanted


def _all_sent(
    database: Database, new_sender: Callable[[], Sender], chosen: random.Random, crashes: int,
    twilio: Twilio,
) -> Counter[str]:  # fmt: skip
    """Send everything, the clock going on by a lease whenever nothing is due; how they died."""
    died: Counter[str] = Counter()
    moment, sender = now(), new_sender()
    while _waiting(database):
        with time_machine.travel(moment, tick=True):
            how = chosen.choice(DIES) if died[AFTER] < crashes else ""
            alive = asyncio.run(_one(sender, how, twilio))
        if (alive and how == LOST) or alive is None:
            died[how] += 1
        if alive is None:
            sender = new_sender()
        elif not alive:
            moment += LEASE + timedelta(seconds=1)
    return died


async def _one(sender: Sender, how: str, twilio: Twilio) -> bool | None:
    """Whether there was something to send; None when the sender died with it."""
    step = {"before it is sent": "_send", AFTER: "_note"}.get(how)
    twilio.plan.clear()
    if how == LOST:
        twilio.plan.append("lost_after")
    try:
        with mock.patch.object(sender, step, side_effect=_Dead) if step else ExitStack():
            return await sender.send_next()
    except _Dead:
        return None


def _waiting(database: Database) -> bool:
    with database.read() as session:
        query = select(Outbound.id).where(Outbound.state == "queued").limit(1)
        return session.scalar(query) is not None


def _differences(kind: str, wanted: Counter[Any], got: Counter[Any]) -> list[str]:
    lost, twice = wanted - got, got - wanted
    found = [f"{kind} lost: {lost.total()}"] if lost else []
    return found + ([f"{kind} sent twice: {twice.total()}"] if twice else [])


@contextmanager
def _sending() -> Iterator[tuple[Database, Stand, Notify, Callable[[], Sender]]]:
    """A database, both providers' stand-ins, and senders that use them."""
    with ExitStack() as stack:
        database = stack.enter_context(fresh_sqlite())
        stand = stack.enter_context(running_twilio())
        notify = stack.enter_context(Notify())
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="passage-home-")))
        stack.enter_context(mock.patch.object(sender_module, "log"))
        thread = threading.Thread(target=notify.serve_forever, daemon=True)
        thread.start()
        stack.callback(thread.join, 10)
        stack.callback(notify.shutdown)
        settings = make_settings(
            home, database.url, **texting(stand.url), notify_base_url=notify.url,
            notify_api_key=f"passage-{SERVICE}-{SECRET}", notify_template_id=TEMPLATE,
        )  # fmt: skip
        yield database, stand, notify, lambda: Sender(settings, database)


def statuses_come_in_any_order(count: int, seed: int) -> Outcome:
    """The callbacks of `count` messages, some of them twice, shuffled among each other."""
    outcome = Outcome("statuses in any order", seed)
    chosen = random.Random(seed)
    own = texting("http://127.0.0.1:9")
    with fresh_sqlite() as database, public_front(database, **own) as front:
        twilio = Twilio(DEMO_ACCOUNT, DEMO_TOKEN, DEMO_FROM, Webhooks(DEMO_TOKEN, "", ""))
        told: list[tuple[str, Form]] = []
        wanted = {}
        for index in range(count):
            message, fate = _sent(database, twilio, index), chosen.choice(FATES)
            forms = [message.callback_form(status, _code(status)) for status in fate]
            told += [
                (message.callback, form) for form in forms for _ in range(chosen.randint(1, 2))
            ]
            wanted[message.sid] = max((MEANING.get(s, "sent") for s in fate), key=ORDER.index)
        chosen.shuffle(told)
        statuses = asyncio.run(_post(front.url, twilio.webhooks, told))
        with database.read() as session:
            rows = session.execute(select(Outbound.provider_id, Outbound.state, Outbound.error))
            found = {row.provider_id: (row.state, row.error) for row in rows}
    for sid, state in wanted.items():
        if found[sid][0] != state or (found[sid][1] is not None) != (state == "undelivered"):
            outcome.failures.append(f"{found[sid]}, not {state}")
    outcome.failures += [f"answered {status}" for status in set(statuses) - {204}]
    ends = Counter(state for state, _ in found.values())
    outcome.figures = {"messages": count, "callbacks": len(told), **dict(sorted(ends.items()))}
    return outcome


def _code(status: str) -> int | None:
    return {"undelivered": 30003, "failed": 30005}.get(status)


def _sent(database: Database, twilio: Twilio, index: int) -> Message:
    """A message that Twilio took; every third time we do not know that yet."""
    with database.write() as session:
        phone = phone_of(session, number_of(index % 500), "fr")
        reference = queue_sms(session, phone=phone, language="fr", text="x")
        callback = f"{PUBLIC_URL}/sms/status?ref={reference}"
        message = twilio.create(
            {"To": phone.number, "From": DEMO_FROM, "Body": "x", "StatusCallback": callback}
        )
        session.flush()
        if index % 3:
            row = session.scalars(select(Outbound).where(Outbound.reference == reference)).one()
            row.state, row.provider_id = "sent", message.sid
        return message


async def _post(url: str, webhooks: Webhooks, told: list[tuple[str, Form]]) -> Counter[int]:
    statuses: Counter[int] = Counter()
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(client: httpx.AsyncClient, callback: str, form: Form) -> None:
        headers = {"X-Twilio-Signature": webhooks.signature(callback, form)}
        async with gate:
            answer = await client.post(
                callback.removeprefix(PUBLIC_URL), data=form, headers=headers
            )
        statuses[answer.status_code] += 1

    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        await asyncio.gather(*(one(client, callback, form) for callback, form in told))
    return statuses
