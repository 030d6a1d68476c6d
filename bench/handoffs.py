"""How long a claim takes while 2,000 people wait and 200 agents are there.

Ten claims a second (each agent takes a new conversation every 20 seconds, which nobody can keep up)
come whether the one before is through or not, on SQLite and on PostgreSQL. Beside them the clock
ticks, and each claim is followed by a look at the queue, as the desk's page shows it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

from sqlalchemy import select

from bot import handoff
from bot.agents.sessions import view_of
from bot.chat.conversations import open_conversation
from bot.desk.listing import Queues
from bot.store import Agent, Database, Handoff
from tests.bot.handoff.desk import add_agent
from tests.bot.identity.fresh import fresh_postgres, fresh_sqlite

WAITING, AGENTS, AT_ONCE, CLAIMS, A_SECOND = 2_000, 200, 16, 200, 10


def run() -> list[str]:
    """Rows for the report."""
    rows = []
    for name, fresh in (("SQLite", fresh_sqlite), ("PostgreSQL", fresh_postgres)):
        with fresh() as database:
            rows += _rows(name, database)
    return rows


def _rows(name: str, database: Database) -> list[str]:
    agents, waiting = _fill(database)
    queues = Queues()
    over = threading.Event()
    clock = threading.Thread(target=_tick, args=(database, over))
    clock.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = [
            pool.submit(_claim, database, queues, agents, each) for each in _paced(waiting[:CLAIMS])
        ]
        times = [each.result() for each in begun]
    over.set()
    clock.join()
    claims, looks = (sorted(column) for column in zip(*times, strict=True))
    beside = f"{WAITING:,} waiting, {AGENTS} agents, {A_SECOND} claims a second, {name}"
    return [
        f"| claim, median and p95 | {_two(claims)} | {beside} |",
        f"| look at the queue, median and p95 | {_two(looks)} | {beside} |",
    ]


def _paced(waiting: list[int]) -> Iterator[int]:
    begin = time.perf_counter()
    for number, handoff_id in enumerate(waiting):
        time.sleep(max(0.0, begin + number / A_SECOND - time.perf_counter()))
        yield handoff_id


def _two(times: list[float]) -> str:
    cuts = quantiles(times, n=20)
    return f"{1000 * cuts[9]:.0f} and {1000 * cuts[18]:.0f} ms"


def _fill(database: Database) -> tuple[list[int], list[int]]:
    with database.write() as session:
        for number in range(AGENTS):
            handoff.renew(session, add_agent(session, f"Agent {number}"))
        for number in range(WAITING):
            here = open_conversation(session, "web", "fr" if number % 4 == 0 else "en")
            handoff.request(session, here, "asked", urgent=number % 20 == 0)
        session.flush()
        waiting = list(session.scalars(select(Handoff.id)))
        agents = list(session.scalars(select(Agent.id)))
    random.Random(1).shuffle(waiting)
    return agents, waiting


def _claim(
    database: Database, queues: Queues, agents: list[int], handoff_id: int
) -> tuple[float, float]:
    start = time.perf_counter()
    with database.write() as session:
        agent = session.get(Agent, random.choice(agents))
        assert handoff.claim(session, handoff_id, agent)
    queues.forget()
    claimed = time.perf_counter()
    with database.read() as session:
        queues.listed(session, view_of(agent), "waiting", "en")
    return claimed - start, time.perf_counter() - claimed


def _tick(database: Database, over: threading.Event) -> None:
    while not over.wait(2):
        handoff.tick(database)
