"""How fast an import that changes the cases of many who subscribed becomes messages, in how much
memory, and how fast they leave for a provider that answers at once.

    python -m bench.notices --cases 100000
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import func, select

from bench.cases import _peak_memory
from bot.cases.importing import import_cases
from bot.messages.sender import Sender
from bot.notifying.gathering import gather
from bot.store import Database, News
from tests.bot.messages.test_notify import SECRET, SERVICE, TEMPLATE, Notify
from tests.conftest import KEYS, make_settings
from tests.support.subscribers import subscribe_everybody, write_cases

CASES = 100_000
SENT = 500


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
        sent = _send(folder, database)
        database.close()
    return [
        f"| import that changes {cases:,} cases of {people:,} subscribed people, {news:,} news | "
        f"{told:.0f} s, {cases / told:,.0f} cases/s | without subscriptions "
        f"{cases / bare:,.0f} cases/s; peak memory {peak:.0f} MB |",
        f"| messages made of the news | {people / made:,.0f} people/s | {made:.0f} s; peak memory "
        f"{peak_made:.0f} MB |",
        f"| sent by one sender to a provider that answers at once | {sent:,.0f} e-mails/s | "
        f"each stored before and after the call |",
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


def _send(folder: Path, database: Database) -> float:
    """E-mails per second."""
    with Notify() as notify:
        threading.Thread(target=notify.serve_forever, daemon=True).start()
        settings = make_settings(
            folder, database.url, notify_api_key=f"passage-{SERVICE}-{SECRET}",
            notify_base_url=notify.url, notify_template_id=TEMPLATE,
        )  # fmt: skip
        sender = Sender(settings, database)
        started = time.perf_counter()
        asyncio.run(_some(sender))
        seconds = time.perf_counter() - started
        notify.shutdown()
    return SENT / seconds


async def _some(sender: Sender) -> None:
    for _ in range(SENT):
        await sender.send_next(("email",))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=CASES)
    print("\n".join(run(parser.parse_args().cases)))


if __name__ == "__main__":
    main()
