"""Two hundred agents before two thousand who wait: how long a claim takes while everybody looks at
the queue, on a desk in a process of its own."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from sqlalchemy import func, select

from bench.running import bench_settings
from bot.agents.sessions import open_agent_session
from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.handoff import request
from bot.opening import open_database
from bot.settings import Settings
from bot.store import Agent, Database, Handoff
from tests.campaigns.outcome import Outcome
from tests.support.processes import Service

LIMIT = 0.100
# How often a page of the desk looks at the queue (static/desk/queue.js).
LOOK_EVERY = 3.0
# Each agent takes one now and then; all together this many a second.
CLAIMS_A_SECOND = 5.0


def claims_are_quick(agents: int, waiting: int, claims: int, seed: int) -> Outcome:
    """`claims` takes of the next conversation, one after the other at a steady pace."""
    outcome = Outcome("claims while all agents look", seed)
    with _desk(agents, waiting, seed) as (settings, tokens):
        times, taken = asyncio.run(_work(settings.desk_url, tokens, claims, seed, outcome))
        doubled = _active(settings)
    times.sort()
    at = times[max(0, int(len(times) * 0.95) - 1)]
    outcome.figures |= {
        "agents": agents, "waiting": waiting, "claims": len(times),
        "p50 ms": round(times[len(times) // 2] * 1000), "p95 ms": round(at * 1000),
    }  # fmt: skip
    if at > LIMIT:
        outcome.failures.append(f"p95 is {at * 1000:.0f} ms")
    if len(set(taken)) != len(taken) or len(taken) != doubled:
        outcome.failures.append("a conversation was given twice, or lost")
    return outcome


async def _work(
    url: str, tokens: list[str], claims: int, seed: int, outcome: Outcome
) -> tuple[list[float], list[int]]:
    limits = httpx.Limits(max_connections=300, max_keepalive_connections=300)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=30) as client:
        looking = [
            asyncio.create_task(_look(client, token, number / len(tokens) * LOOK_EVERY))
            for number, token in enumerate(tokens)
        ]
        await asyncio.sleep(LOOK_EVERY * 2)
        try:
            return await _claim(client, url, tokens, claims, seed, outcome)
        finally:
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)


async def _look(client: httpx.AsyncClient, token: str, start: float) -> None:
    await asyncio.sleep(start)
    mark = ""
    while True:
        path = f"/api/desk/queue?view=waiting&lang=en&seen={mark}"
        found = (await client.get(path, headers=_cookie(token))).json()
        mark = found.get("mark", mark)
        await asyncio.sleep(LOOK_EVERY)


async def _claim(
    client: httpx.AsyncClient, url: str, tokens: list[str], claims: int, seed: int, out: Outcome
) -> tuple[list[float], list[int]]:
    dice, times, taken = random.Random(seed), [], []
    for _ in range(claims):
        headers = {**_cookie(dice.choice(tokens)), "Origin": url}
        begun = time.perf_counter()
        answer = await client.post("/api/desk/next", json={}, headers=headers)
        times.append(time.perf_counter() - begun)
        if answer.status_code == 200:
            taken.append(answer.json()["id"])
        else:
            out.failures.append(f"a claim got {answer.status_code}")
        await asyncio.sleep(max(0.0, 1 / CLAIMS_A_SECOND - times[-1]))
    return times, taken


def _cookie(token: str) -> dict[str, str]:
    return {"Cookie": f"passage-desk={token}"}


@contextmanager
def _desk(agents: int, waiting: int, seed: int) -> Iterator[tuple[Settings, list[str]]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = bench_settings(home)
        database = open_database(settings)
        database.migrate()
        tokens = _fill(database, agents, waiting, seed)
        database.close()
        service = Service(settings, home)
        try:
            service.start("desk")
            _wait(settings.desk_url)
            yield settings, tokens
        finally:
            service.stop()


def _fill(database: Database, agents: int, waiting: int, seed: int) -> list[str]:
    dice, tokens = random.Random(seed), []
    with database.write() as session:
        for number in range(waiting):
            conversation = open_conversation(session, "web", dice.choice(("en", "fr")))
            request(session, conversation, "asked", urgent=number % 10 == 0)
        for number in range(agents):
            agent = Agent(
                login=f"agent{number}",
                name="Agent",
                role="agent",
                speaks_en=True,
                speaks_fr=True,
                language="en",
                created_at=now(),
            )
            session.add(agent)
            session.flush()
            tokens.append(open_agent_session(session, agent.id))
    return tokens


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the desk did not start")


def _active(settings: Settings) -> int:
    database = open_database(settings)
    with database.read() as session:
        found = session.scalar(select(func.count()).where(Handoff.state == "active"))
    database.close()
    return int(found)
