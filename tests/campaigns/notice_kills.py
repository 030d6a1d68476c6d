"""kill -9 of the sender on the way of an import that changes the cases of all who subscribed: each
is told once, by the way they chose, and nobody twice (knowledge: security, F09)."""

from __future__ import annotations

import os
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import func, select, update

from bench.running import bench_settings
from bot.cases.importing import import_cases
from bot.clock import now
from bot.notices.topics import EMAIL, SMS
from bot.notifying.gathering import EVENT
from bot.opening import open_database
from bot.store import Contact, Database, News, Outbound
from tests.bot.messages.test_notify import Notify, notify_settings
from tests.campaigns.outcome import Outcome
from tests.support.processes import Service
from tests.support.subscribers import subscribe_everybody, write_cases
from tests.support.twilio import Stand, running_twilio

PATIENCE_SECONDS = 300
LEFT = ("sent", "delivered")


class Forgetful(list[Any]):
    """A list that keeps nothing: 100,000 bodies of e-mails are not looked at."""

    def append(self, _: Any) -> None:
        pass


@dataclass
class Providers:
    """Who takes our messages: references of e-mails, bodies and numbers of texts."""

    notify: Notify
    twilio: Stand

    def mails(self) -> Counter[str]:
        return Counter(self.notify.taken)

    def texts(self) -> Counter[str]:
        sent = self.twilio.twilio.newest("", "", None)
        return Counter(m.to for m in sent if not m.inbound)

    def taken(self) -> int:
        return len(self.notify.taken) + self.texts().total()


def everybody_is_told_once(cases: int, texted: int, kills: int, seed: int) -> Outcome:
    """`cases` cases change; `texted` people wish texts, all others e-mail; the sender dies `kills`
    times while it makes the messages and sends them."""
    outcome, chosen = Outcome("notices under kill -9", seed), random.Random(seed)
    with _running(cases, texted, seed) as (service, database, providers, folder):
        changed = write_cases(folder / "changed.jsonl", cases, seed, changed=True)
        killer = threading.Thread(
            target=_kill, args=(service, database, providers, kills, cases, chosen)
        )
        service.start("sender")
        killer.start()
        # News wait ten minutes for more; here they are due at once.
        with mock.patch("bot.notices.telling.WINDOW", timedelta(0)):
            import_cases(database, changed)
        killer.join()
        _drain(database, providers)
        outcome.failures = _wrong(database, providers)
        outcome.figures = {
            "kills": kills,
            "cases changed": cases,
            "people told by e-mail": len(providers.notify.taken),
            "by text": providers.texts().total(),
            "asked whether it left": len(providers.notify.asked),
        }
    return outcome


@contextmanager
def _running(
    cases: int, texted: int, seed: int
) -> Iterator[tuple[Service, Database, Providers, Path]]:
    """A service whose people subscribed, and the providers that its sender sends to."""
    with (
        tempfile.TemporaryDirectory() as name,
        Notify() as notify,
        running_twilio() as twilio,
    ):
        folder = Path(name)
        settings = replace(bench_settings(folder), mail_per_second=1_000)  # as fast as it can
        database = open_database(settings)
        database.migrate()
        import_cases(database, write_cases(folder / "cases.jsonl", cases, seed))
        with database.write() as session:
            subscribe_everybody(session, texted)
        notify.got = notify.paths = notify.headers = Forgetful()
        threading.Thread(target=notify.serve_forever, daemon=True).start()
        service = Service(settings, folder)
        with mock.patch.dict(
            os.environ, {**notify_settings(notify.url), "TWILIO_API_BASE": twilio.url}
        ):
            try:
                yield service, database, Providers(notify, twilio), folder
            finally:
                service.stop()
                database.close()
                notify.shutdown()


def _kill(
    service: Service,
    database: Database,
    providers: Providers,
    kills: int,
    people: int,
    chosen: random.Random,
) -> None:
    """At random points of the way; what the dead one had leased is free again at once."""
    for point in sorted(chosen.randrange(people) for _ in range(kills)):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while providers.taken() < point * 9 // 10 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(chosen.uniform(0, 0.05))
        service.kill("sender")
        with database.write() as session:
            leased = (Outbound.state == "queued", Outbound.due_at > now())
            session.execute(update(Outbound).where(*leased).values(due_at=now()))
        service.start("sender")


def _drain(database: Database, providers: Providers) -> None:
    """Until nothing is left to tell or to send, as long as something still moves."""
    before, deadline = -1, time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with database.read() as session:
            news = session.scalar(select(func.count()).where(News.state == "new"))
            queued = session.scalar(select(func.count()).where(Outbound.state == "queued"))
        if not news and not queued:
            return
        if providers.taken() != before:
            before, deadline = providers.taken(), time.monotonic() + PATIENCE_SECONDS
        time.sleep(0.2)


def _wrong(database: Database, providers: Providers) -> list[str]:
    """What is not told exactly once."""
    with database.read() as session:
        people = set(session.scalars(select(Contact.person_id)))
        news = session.execute(select(News.person_id, News.state, News.told_as)).all()
        rows = session.execute(
            select(
                Outbound.reference, Outbound.channel, Outbound.person_id, Outbound.event,
                Outbound.state, Outbound.recipient,
            ).where(Outbound.event.startswith(EVENT))
        ).all()  # fmt: skip
    told = {(row.person_id, row.told_as) for row in news}
    sent = Counter((row.person_id, row.event) for row in rows)
    mailed = Counter({row.reference: 1 for row in rows if row.channel == EMAIL})
    texted = Counter(row.recipient for row in rows if row.channel == SMS)
    # Besides, landing invites whoever the import approved.
    doubled = {name: count for name, count in providers.mails().items() if count > 1}
    checks = {
        "somebody's news were lost": {row.person_id for row in news} == people,
        f"states {Counter(row.state for row in news)}": all(r.state == "told" for r in news),
        f"told and not sent {list(told - set(sent))[:3]}": told <= set(sent),
        f"sent and not told {list(set(sent) - told)[:3]}": set(sent) <= told,
        "an event was sent twice": set(sent.values()) <= {1},
        f"sent {Counter(row.state for row in rows)}": all(row.state in LEFT for row in rows),
        f"GC Notify lacks {list(mailed - providers.mails())[:3]}": not mailed - providers.mails(),
        f"GC Notify has twice {list(doubled.items())[:3]}": not doubled,
        "Twilio has others or some twice": providers.texts() == texted,
    }
    return [what for what, holds in checks.items() if not holds]
