"""Random schedules of everything that can happen to a conversation while a person is asked for,
claims, speaks and returns it: the bot says nothing between a claim and the end of it, no message is
lost, and none is answered twice.

On SQLite one transaction after the other, in random order, with the engine's turns begun and ended
apart; on PostgreSQL person, agents and engine at the same time. The worker is the real one, its
engine answers each message with the message's own name.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import random
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from bot import handoff
from bot.chat.conversations import lines_after, open_conversation, post_text
from bot.clock import now
from bot.handoff.rows import NotYours
from bot.settings import Settings
from bot.store import Agent, Conversation, Database, Handoff, Inbox
from bot.texts import say
from tests.bot.identity.fresh import fresh_postgres, fresh_sqlite
from tests.campaigns.in_process import lean_rasa
from tests.campaigns.outcome import Outcome
from tests.conftest import make_settings

STEPS = 26
_JOINED = say("en", "handoff.joined", name="NAME").split("NAME")[0]
_ENDS = {say("en", f"handoff.{key}") for key in ("returned", "closed", "transferred", "lost")}


class NamingEngine:
    """Stands in for Rasa: a turn waits until it is let go, and answers with the message's text."""

    def __init__(self) -> None:
        self.store = self
        self.gate = asyncio.Event()

    async def turn(
        self, _id: str, _language: str, text: str, _meaning: Any
    ) -> list[dict[str, Any]]:
        await self.gate.wait()
        return [{"text": f"answer to {text}", "lang": "en"}]

    def append(self, _session: Any, _conversation_id: str) -> int:
        return 0

    def intent(self, _conversation_id: str) -> str:
        return "check_status"

    def committed(self, _conversation_id: str, _stored: int) -> None:
        pass

    def forget(self, _conversation_id: str) -> None:
        pass


class Stage:
    """One conversation, two agents, and what each of them may do at random."""

    def __init__(self, database: Database, agents: list[int], seed: int) -> None:
        self.database, self.random = database, random.Random(seed)
        self.counts: Counter[str] = Counter()
        self._agents, self._posted, self._lock = agents, 0, threading.Lock()
        with database.write() as session:
            self.id = open_conversation(session, "web", "en")
            handoff.request(session, self.id, "asked")

    def act(self, names: tuple[str, ...]) -> None:
        """One random act of `names`; what is refused changes nothing."""
        name = self.random.choice(names)
        with (
            contextlib.suppress(NotYours),
            self.database.write() as session,
        ):
            agent = session.get(Agent, self.random.choice(self._agents))
            if getattr(self, f"_{name}")(session, agent) is not False:
                self.counts[name] += 1

    def _post(self, session: Any, _agent: Agent) -> None:
        with self._lock:
            self._posted += 1
            number = self._posted
        post_text(session, self.id, f"m{number}", f"question {number}")

    def _request(self, session: Any, _agent: Agent) -> None:
        handoff.request(session, self.id, "asked")

    def _withdraw(self, session: Any, _agent: Agent) -> bool:
        return handoff.withdraw(session, self.id)

    def _claim(self, session: Any, agent: Agent) -> bool:
        waiting = handoff.open_one(session, self.id)
        return waiting is not None and handoff.claim(session, waiting.id, agent)

    def _speak(self, session: Any, agent: Agent) -> None:
        handoff.speak(session, self.id, "word", "en", agent)

    def _see(self, session: Any, agent: Agent) -> None:
        active = handoff.open_one(session, self.id)
        if active is not None and active.agent_id == agent.id:
            last = session.get(Conversation, self.id, populate_existing=True).last_line
            handoff.seen(session, active.id, agent, last)

    def _give_back(self, session: Any, agent: Agent) -> None:
        handoff.give_back(session, self.id, agent)

    def _close(self, session: Any, agent: Agent) -> None:
        handoff.close(session, self.id, agent, "solved")

    def _transfer(self, session: Any, agent: Agent) -> None:
        handoff.transfer(session, self.id, agent, "please")

    def _lose(self, session: Any, agent: Agent) -> bool:
        held = handoff.open_one(session, self.id)
        has_it = held is not None and held.agent_id == agent.id
        handoff.sign_off(session, agent)
        return has_it

    def settle(self) -> None:
        """Whoever has it gives it back; a waiting one is taken and given back."""
        with self.database.write() as session:
            found = handoff.open_one(session, self.id)
            if found is None:
                return
            if found.state != "active":
                assert handoff.claim(session, found.id, session.get(Agent, self._agents[0]))
            active = session.get(Handoff, found.id, populate_existing=True)
            handoff.give_back(session, self.id, session.get(Agent, active.agent_id))

    def wrong(self) -> list[str]:
        """What broke a promise, once everything is settled and answered."""
        with self.database.read() as session:
            lines = lines_after(session, self.id, 0, limit=10_000)
            states = dict(
                session.execute(
                    select(Inbox.client_id, Inbox.state).where(Inbox.conversation_id == self.id)
                ).all()
            )
            seen = _seen(session, self.id, lines)
        answers = Counter(line.body["text"] for line in lines if line.author == "bot")
        wrong = _spoken_over(lines)
        for line in lines:
            if line.author == "user":
                wrong += _fate(line, states[line.client_id], answers, seen)
        return [f"{self.id}: {each}" for each in wrong]


def _fate(line: Any, state: str, answers: Counter[str], seen: int) -> list[str]:
    """A message is answered once by the bot, or an agent saw it and the bot is silent."""
    count = answers[f"answer to {line.body['text']}"]
    if state == "done":
        return [] if count == 1 else [f"{line.client_id} answered {count} times"]
    if state == "agent":
        if count:
            return [f"{line.client_id} was the agent's and answered"]
        return [] if line.number <= seen else [f"{line.client_id} was lost"]
    return [f"{line.client_id} is {state}"]


def _seen(session: Any, conversation_id: str, lines: list[Any]) -> int:
    """The last line that some agent saw: shown, spoken after, or there at a claim."""
    rows = session.execute(
        select(Handoff.seen_line).where(Handoff.conversation_id == conversation_id)
    ).scalars()
    spoken = [line.number for line in lines if line.author == "agent"]
    joined = [line.number for line in lines if line.body["text"].startswith(_JOINED)]
    return max([0, *rows, *spoken, *joined])


def _spoken_over(lines: list[Any]) -> list[str]:
    """Lines of the bot while an agent had the conversation, by the notices of its beginnings and
    ends, which are written in the very transactions that make them."""
    wrong, agents = [], False
    for line in lines:
        text = line.body["text"]
        if line.author == "system" and text.startswith(_JOINED):
            agents = True
        elif line.author == "system" and text in _ENDS:
            agents = False
        elif agents and line.author == "bot":
            wrong.append(f"the bot spoke over an agent in line {line.number}")
        elif not agents and line.author == "agent":
            wrong.append(f"an agent spoke without a claim in line {line.number}")
    return wrong


PERSON = (*["post"] * 8, *["request"] * 3, "withdraw")
AGENT = (
    *["claim"] * 4, *["speak"] * 4, *["see"] * 2, *["give_back"] * 2, "close", "transfer", "lose",
)  # fmt: skip


# Of so many schedules a process of its own is worth its start.
PART = 500


@dataclass(frozen=True)
class Part:
    """The schedules of these numbers, step by step on SQLite or all `at_once` on PostgreSQL, on a
    database of their own."""

    seed: int
    numbers: range
    at_once: bool = False


def schedules(count: int, at_once: int, seed: int) -> Outcome:
    """`count` schedules step by step on SQLite and `at_once` with everybody at the same time on
    PostgreSQL, beside each other in as many processes as there are cores."""
    outcome = Outcome("schedules of a hand-off", seed, {"schedules": count + at_once})
    parts = [*_parts(seed, count), *_parts(seed + 1, at_once, at_once=True)]
    counts: Counter[str] = Counter()
    with _processes(len(parts)) as play:
        for failures, happened in play(play_part, parts):
            outcome.failures += failures
            counts += happened
    outcome.figures |= {f"{name}s": number for name, number in sorted(counts.items())}
    # A schedule in which nothing happened would prove nothing.
    lacking = {"claim", "give_back", "turn", "dropped turn"} - set(counts)
    outcome.failures += [f"never: {name}" for name in sorted(lacking)]
    return outcome


def _parts(seed: int, count: int, at_once: bool = False) -> list[Part]:
    starts = range(0, count, PART)
    return [Part(seed, range(start, min(start + PART, count)), at_once) for start in starts]


@contextlib.contextmanager
def _processes(parts: int) -> Iterator[Callable[..., Any]]:
    """Something like `map`; a sample is played in this process."""
    if parts <= 2:
        yield map
        return
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        yield pool.map


def play_part(part: Part) -> tuple[list[str], Counter[str]]:
    """What broke a promise, and how often what happened."""
    with fresh_postgres() if part.at_once else fresh_sqlite() as database:
        if not part.at_once:
            # What is shown here is order, not durability.
            event.listen(database.engine, "connect", _quick)
            database.engine.dispose()
        return asyncio.run(_all(database, part, _together if part.at_once else _step_by_step))


def _quick(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


async def _all(
    database: Database, part: Part, play: Callable[..., Any]
) -> tuple[list[str], Counter[str]]:
    failures: list[str] = []
    counts: Counter[str] = Counter()
    agents = _two_agents(database)
    with tempfile.TemporaryDirectory(prefix="passage-home-") as home:
        worker = _worker(make_settings(Path(home), database.url), database)
        for number in part.numbers:
            stage = Stage(database, agents, part.seed * 1_000_003 + number)
            await play(stage, worker)
            stage.settle()
            worker._engine.gate.set()
            await _drain(worker, stage)
            failures += stage.wrong()
            counts += stage.counts
            if len(failures) > 5:
                break
    return failures, counts


def _worker(settings: Settings, database: Database) -> Any:
    lean_rasa()
    from bot.engine.worker import Worker

    return Worker(settings, database, NamingEngine())  # type: ignore[arg-type]


def _two_agents(database: Database) -> list[int]:
    with database.write() as session:
        for name in ("Anne", "Basile"):
            session.add(
                Agent(
                    login=name,
                    name=name,
                    role="agent",
                    speaks_en=True,
                    speaks_fr=True,
                    language="en",
                    created_at=now(),
                )
            )
        session.flush()
        return list(session.scalars(select(Agent.id)))


async def _step_by_step(stage: Stage, worker: Any) -> None:
    """Each step is one transaction, or the beginning or the end of a turn."""
    running: Any = None
    for _ in range(STEPS):
        kind = stage.random.random()
        if kind < 0.3:
            stage.act(PERSON)
        elif kind < 0.65:
            stage.act(AGENT)
        elif running is None:
            running = _begin(worker)
        else:
            await _end(stage, worker, running)
            running = None
    if running is not None:
        await _end(stage, worker, running)


def _begin(worker: Any) -> Any:
    worker._engine.gate.clear()
    claim = worker._claims.next()
    return None if claim is None else (claim, asyncio.create_task(worker._answer(claim)))


async def _end(stage: Stage, worker: Any, running: Any) -> None:
    claim, task = running
    worker._engine.gate.set()
    await task
    _count_turn(stage, worker, claim)


def _count_turn(stage: Stage, worker: Any, claim: Any) -> None:
    worker._claims.release(claim.conversation_id)
    with stage.database.read() as session:
        answered = session.get(Inbox, claim.id).state == "done"
    stage.counts["turn" if answered else "dropped turn"] += 1


async def _together(stage: Stage, worker: Any) -> None:
    """Person, both agents and the engine, each in a thread of its own and as fast as they can."""
    worker._engine.gate.set()
    acts = [asyncio.to_thread(_many, stage, names) for names in (PERSON, AGENT, AGENT)]
    done = asyncio.gather(*acts)
    while not done.done():
        await _one_turn(stage, worker)
        await asyncio.sleep(0)
    await done


def _many(stage: Stage, names: tuple[str, ...]) -> None:
    for _ in range(STEPS // 3):
        stage.act(names)


async def _one_turn(stage: Stage, worker: Any) -> bool:
    claim = await asyncio.to_thread(worker._claims.next)
    if claim is None:
        return False
    await worker._answer(claim)
    _count_turn(stage, worker, claim)
    return True


async def _drain(worker: Any, stage: Stage) -> None:
    while await _one_turn(stage, worker):
        pass
