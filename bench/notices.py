"""How fast an import that changes the cases of many who subscribed becomes messages, in how much
memory, and how fast they leave for a provider that answers at once.

    python -m bench.notices --cases 100000
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import func, select

from bench.cases import _peak_memory
from bench.running import bench_settings
from bot.cases.importing import import_cases
from bot.notifying.gathering import gather
from bot.settings import Settings
from bot.store import Database, News, Outbound
from tests.bot.messages.test_notify import Notify, notify_settings
from tests.campaigns.delivery import Host, serving
from tests.conftest import KEYS
from tests.support.processes import Service
from tests.support.subscribers import subscribe_everybody, write_cases

CASES = 100_000
# Of each way.
SENT = 5_000


def run(cases: int = CASES) -> list[str]:
    """Rows of the report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = write_cases(folder / "cases.jsonl", cases, seed=1)
        changed = write_cases(folder / "changed.jsonl", cases, seed=1, changed=True)
        plain = _imported(folder / "plain.db", first)
        bare, _ = _timed(lambda: import_cases(plain, changed))
        plain.close()
        database = _imported(folder / "notices.db", first)
        with database.write() as session:
            people = len(subscribe_everybody(session))
        with mock.patch("bot.notices.telling.WINDOW", timedelta(0)):
            told, peak = _timed(lambda: import_cases(database, changed))
        news = _count(database)
        made, peak_made = _timed(lambda: gather(database, "http://localhost"))
        # Asked to hurry: the pace of a provider is a setting, and what is measured is ours.
        settings = replace(bench_settings(folder), database_url=database.url, mail_per_second=1_000)
        by_notify, by_smtp = _by_notify(settings, database), _by_smtp(settings, database)
        database.close()
    return [
        f"| import that changes {cases:,} cases of {people:,} subscribed people, {news:,} news | "
        f"{told:.0f} s, {cases / told:,.0f} cases/s | without subscriptions "
        f"{cases / bare:,.0f} cases/s; peak memory {peak:.0f} MB |",
        f"| messages made of the news | {people / made:,.0f} people/s | {made:.0f} s; peak memory "
        f"{peak_made:.0f} MB |",
        f"| sent by one sender to a provider that answers at once | {by_smtp:,.0f} e-mails/s by "
        f"SMTP, {by_notify:,.0f} by GC Notify | {settings.mail_at_once} at the same time, each "
        f"stored before and after |",
    ]


def _imported(path: Path, cases: Path) -> Database:
    database = Database(f"sqlite:///{path}", KEYS)
    database.migrate()
    import_cases(database, cases)
    return database


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds, and peak MB of this process and its children."""
    with _peak_memory() as peak:
        started = time.perf_counter()
        work()
        seconds = time.perf_counter() - started
        time.sleep(0.2)
    return seconds, max(peak) / 1e6


def _count(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count(News.id))))


def _rate(database: Database, settings: Settings, taken: Callable[[], int]) -> float:
    """E-mails a second that a sender's own process sends, from the first one on."""
    service = Service(settings, settings.home)
    try:
        service.start("sender")
        while not taken():
            time.sleep(0.01)
        first, started = taken(), time.perf_counter()
        while taken() < SENT and _waits(database):
            time.sleep(0.01)
        return (taken() - first) / (time.perf_counter() - started)
    finally:
        service.stop()


def _waits(database: Database) -> bool:
    with database.read() as session:
        query = select(Outbound.id).where(Outbound.state == "queued").limit(1)
        return session.scalar(query) is not None


def _by_notify(settings: Settings, database: Database) -> float:
    with Notify() as notify:
        threading.Thread(target=notify.serve_forever, daemon=True).start()
        with mock.patch.dict(os.environ, notify_settings(notify.url)):
            rate = _rate(database, settings, lambda: len(notify.taken))
        notify.shutdown()
    return rate


def _by_smtp(settings: Settings, database: Database) -> float:
    host = Host()
    with serving(host) as url:
        return _rate(database, replace(settings, smtp_url=url), lambda: host.tried)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=CASES)
    print("\n".join(run(parser.parse_args().cases)))


if __name__ == "__main__":
    main()
