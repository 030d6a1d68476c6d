"""How long Twilio waits for its answer when somebody texts and no engine is there.

One front process, texts of many phones at random moments, so many a second on the average, come
whether the one before is answered or not; the time of each is counted from the moment at which it
should have left. On SQLite and on PostgreSQL.

    python -m bench.texts --rate 20 --seconds 60
"""

from __future__ import annotations

import argparse
import http.client
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

import psutil
from sqlalchemy import func, select

from bench.running import bench_settings
from bot.opening import open_database
from bot.store import Inbox
from tests.bot.identity.fresh import fresh_postgres, fresh_sqlite
from tests.support.processes import Service
from tests.support.texting import INBOUND, message, new_number, signature

RATE, SECONDS, AT_ONCE = 20, 60, 32
WORDS = ("Where is my application?", "Où en est ma demande ?", "What does in progress mean?")
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def run(rate: int = RATE, seconds: int = SECONDS) -> list[str]:
    """Rows for the report."""
    rows = []
    for name, fresh in (("SQLite", fresh_sqlite), ("PostgreSQL", fresh_postgres)):
        with fresh() as database, _front(database.url) as service:
            times, cpu = _texted(service, rate, seconds)
            stored = _stored(service)
        cuts = quantiles(times, n=100)
        rows.append(
            f"| text message taken in, p50, p95 and p99 | {cuts[49]:.0f}, {cuts[94]:.0f} and "
            f"{cuts[98]:.0f} ms | {stored:,} of {len(times):,} stored, {rate} a second, no engine, "
            f"{name}; processor time of the front {cpu:.1f} ms each |"
        )
    return rows


@contextmanager
def _front(url: str) -> Iterator[Service]:
    """A front alone, on this database."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        service = Service(replace(bench_settings(home), database_url=url), home)
        service.start("front")
        try:
            service.wait_up()
            yield service
        finally:
            service.stop()


def _texted(service: Service, rate: int, seconds: int) -> tuple[list[float], float]:
    """Milliseconds of each text, and of the front's processor time for one."""
    bodies = [_signed(service.url, text) for text in _texts(rate * seconds)]
    carrier, front = _Carrier(service.url), psutil.Process(service.pid("front"))
    for body in bodies[:AT_ONCE]:  # the first ones compile statements; brought again they are known
        carrier.bring(body, time.perf_counter())
    before = sum(front.cpu_times()[:2])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(carrier.bring, *due) for due in _paced(bodies[AT_ONCE:], rate)]
        times = [each.result() for each in sent]
    return times, (sum(front.cpu_times()[:2]) - before) / len(times) * 1000


def _texts(count: int) -> Iterator[dict[str, str]]:
    for number in range(count + AT_ONCE):
        yield message(WORDS[number % len(WORDS)], new_number())


def _signed(url: str, form: dict[str, str]) -> tuple[str, str]:
    return urlencode(form), signature(url + INBOUND, form)


def _paced(bodies: list[tuple[str, str]], rate: int) -> Iterator[tuple[tuple[str, str], float]]:
    """(body, the moment at which it should leave), once that has come."""
    chosen, due = random.Random(7), time.perf_counter()
    for body in bodies:
        due += chosen.expovariate(rate)
        time.sleep(max(0.0, due - time.perf_counter()))
        yield body, due


class _Carrier:
    """Posts by connections that stay open, one for each thread."""

    def __init__(self, url: str) -> None:
        self._host, self._own = urlsplit(url).netloc, threading.local()

    def bring(self, body: tuple[str, str], due: float) -> float:
        """Milliseconds from `due` to the answer.

        Raises:
            RuntimeError: it was not 200.
        """
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection(self._host, timeout=60)
        text, signed = body
        headers = {"Content-Type": FORM, "X-Twilio-Signature": signed}
        self._own.connection.request("POST", INBOUND, text, headers)
        answer = self._own.connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"answered {answer.status}")
        return (time.perf_counter() - due) * 1000


def _stored(service: Service) -> int:
    """How many wait for the engine, without those that came before the clock ran."""
    database = open_database(service.settings)
    with database.read() as session:
        count = int(session.scalar(select(func.count(Inbox.id))))
    database.close()
    return count - AT_ONCE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rate", type=int, default=RATE)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    wanted = parser.parse_args()
    print("\n".join(run(wanted.rate, wanted.seconds)))


if __name__ == "__main__":
    main()
