"""Ten thousand guesses at identities, and one victim under fire (knowledge: security, T03 and T05).

200 sessions in 50 networks guess in 32 threads, every other time with all details right, as
somebody has them who wants to flood a mailbox. Sessions that are refused come back with a new
cookie; the front starts anew again and again. All of it goes through the service, on both kinds of
database; a part goes through HTTP, where each restart is one of a real front. Every budget has to
be spent exactly: nothing over it, and nobody refused below it.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from unittest import mock

from sqlalchemy import select

from bot.chat.conversations import open_conversation, post_text
from bot.identity import flow
from bot.identity.budgets import (
    BUDGETS,
    Budget,
    Budgets,
    BudgetSpent,
    network_of,
    subject_of,
)
from bot.identity.sessions import find_session, open_session, touch_session, verify_session
from bot.store import Database, Outbound, Tally
from tests.bot.identity.fresh import fresh_postgres, fresh_sqlite, patiently, post
from tests.bot.identity.people import (
    WRONG,
    Form,
    add_client,
    caller,
    client_form,
    details_of,
)
from tests.campaigns.enumeration import hurried_front
from tests.campaigns.outcome import Outcome

# Of ten thousand guesses; of fewer, as many fewer, so that every budget is spent.
GUESSES, SESSIONS, NETWORKS, VICTIMS = 10_000, 200, 50, 40
THREADS, RESTARTS = 32, 10
THROUGH_HTTP = 20  # one of so many guesses
HOUR = timedelta(hours=1)
BUSY_TRIES = 30
NO_PERSON_BUDGET = Budgets(by_person=Budget("details.person", 10**6, HOUR))


@dataclass(frozen=True)
class Guess:
    """Who tries what from where; `slot` is one of the attacker's browsers."""

    slot: int
    address: str
    victim: int
    form: Form


class NotAnswered(Exception):
    """The front broke instead of taking the details or saying that it takes no more."""


class Way(Protocol):
    """A way in: a new cookie, and whether the details were taken."""

    def open(self) -> str: ...

    def submit(self, session: str, guess: Guess) -> bool: ...


class Service:
    """The service itself; a restart is a new engine of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self) -> str:
        return patiently(self._open)

    def submit(self, session: str, guess: Guess) -> bool:
        try:
            patiently(lambda: self._submit(session, guess))
        except BudgetSpent:
            return False
        return True

    def _open(self) -> str:
        with self._database.write() as session:
            return open_conversation(session, "web", "en")

    def _submit(self, session: str, guess: Guess) -> None:
        here = caller(BUDGETS, guess.address)
        with self._database.write() as transaction:
            flow.submit_details(transaction, session, details_of(guess.form), here)


class Http:
    """A running front; the session is `conversation token`, of which only the token is sent."""

    def __init__(self, database: Database, url: str) -> None:
        self._database, self._url = database, url

    def open(self) -> str:
        return patiently(self._open)

    def _open(self) -> str:
        with self._database.write() as session:
            conversation = open_conversation(session, "web", "en")
            return f"{conversation} {open_session(session, conversation)}"

    def submit(self, session: str, guess: Guess) -> bool:
        token = session.split()[1]
        headers = {"Cookie": f"__Host-passage={token}", "X-Forwarded-For": guess.address}
        for _ in range(BUSY_TRIES):
            status = post(self._url, "/api/chat/identify", headers, guess.form)
            if status != 503:  # the machine was busy, nothing was looked at: once more
                break
            time.sleep(1)
        if status not in (202, 429):
            raise NotAnswered(str(status))
        return status == 202


@dataclass
class Attack:
    """What was tried and what came of it."""

    slots: list[str] = field(default_factory=list)
    taken_by_session: Counter[str] = field(default_factory=Counter)
    taken_by_network: Counter[str] = field(default_factory=Counter)
    taken_by_victim: Counter[int] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    looked_at: Counter[tuple[str, bytes]] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, way: Way, guesses: list[Guess]) -> None:
        missing = 1 + max(guess.slot for guess in guesses) - len(self.slots)
        self.slots += [way.open() for _ in range(missing)]
        with ThreadPoolExecutor(THREADS) as pool, self._counted():
            list(pool.map(lambda guess: self._one(way, guess), guesses))

    def _one(self, way: Way, guess: Guess) -> None:
        with self.lock:
            session = self.slots[guess.slot]
        try:
            taken = way.submit(session, guess)
        except NotAnswered as broken:
            with self.lock:
                self.broken[str(broken)] += 1
            return
        network = network_of(guess.address)
        with self.lock:
            if taken:
                self.taken_by_session[session.split()[0]] += 1
                self.taken_by_network[network] += 1
                self.taken_by_victim[guess.victim] += 1
            else:
                self.refused.append((session.split()[0], network))
        if not taken and guess.victim % 2:
            fresh = way.open()  # a new cookie, as if that were somebody else
            with self.lock:
                self.slots[guess.slot] = fresh

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Counts the tries that were really allowed for a person, where they are allowed."""
        spend = flow.spend

        def noted(session: Any, budget: Budget, subject: bytes) -> bool:
            allowed = spend(session, budget, subject)
            if allowed:
                with self.lock:
                    self.looked_at[budget.kind, subject] += 1
            return allowed

        with mock.patch.object(flow, "spend", noted):
            yield


def identities_are_guessed(guesses: int, seed: int) -> Outcome:
    """All through the service on SQLite and on PostgreSQL, a part besides through HTTP."""
    outcome = Outcome("guesses at identities", seed)
    for kind, fresh in (("SQLite", fresh_sqlite), ("PostgreSQL", fresh_postgres)):
        with fresh() as database:
            figures = guess_through_the_service(outcome, database, guesses, seed)
        outcome.figures |= {f"{kind}: {name}": count for name, count in figures.items()}
    with fresh_sqlite() as database:
        figures = guess_through_http(outcome, database, guesses // THROUGH_HTTP, seed)
    outcome.figures |= {f"HTTP: {name}": count for name, count in figures.items()}
    return outcome


def guess_through_the_service(
    outcome: Outcome, database: Database, guesses: int, seed: int
) -> dict[str, int]:
    attack = Attack()
    token = _prepare(database)
    for part in _parts(_guesses(guesses, seed)):
        again = Database(database.url, database.keys)
        attack.run(Service(again), part)
        again.close()
        outcome.failures += _session_ended(database, token)
    return _judge(outcome, database, attack)


def guess_through_http(
    outcome: Outcome, database: Database, guesses: int, seed: int
) -> dict[str, int]:
    attack = Attack()
    token = _prepare(database)
    for part in _parts(_guesses(guesses, seed), restarts=2):
        with hurried_front(database) as (front, client):
            attack.run(Http(database, front.url), part)
            headers = {"Cookie": f"__Host-passage={token}"}
            seen = client.get("/api/chat/conversation", headers=headers).json()
            if seen.get("verified") is not True:
                outcome.failures.append(f"the open session of a victim shows {seen}")
    return _judge(outcome, database, attack)


def _prepare(database: Database) -> str:
    """The victims; the first one is signed in: the token of their session."""
    with database.write() as session:
        people = [add_client(session, number)[0] for number in range(VICTIMS)]
        return verify_session(session, open_conversation(session, "web", "en"), people[0].id)


def _guesses(count: int, seed: int) -> list[Guess]:
    """Every other one knows everything of the victim and wants the mailbox full."""
    chosen = random.Random(seed)
    sessions, networks, victims = (
        max(2, of_all * count // GUESSES) for of_all in (SESSIONS, NETWORKS, VICTIMS)
    )
    found = []
    for _ in range(count):
        victim = chosen.randrange(victims)
        field_name = chosen.choice(list(WRONG))
        changes = {field_name: WRONG[field_name]} if chosen.random() < 0.5 else {}
        address = f"198.51.{chosen.randrange(networks)}.{chosen.randrange(1, 255)}"
        form = client_form(victim, **changes)
        found.append(Guess(chosen.randrange(sessions), address, victim, form))
    return found


def _parts(guesses: list[Guess], restarts: int = RESTARTS) -> Iterator[list[Guess]]:
    size = -(-len(guesses) // restarts)
    for start in range(0, len(guesses), size):
        yield guesses[start : start + size]


def _judge(outcome: Outcome, database: Database, attack: Attack) -> dict[str, int]:
    """Nothing over a budget, nobody refused below it, and the counts agree with what happened."""
    outcome.failures += _over(attack) + _refused_for_nothing(attack)
    outcome.failures += _miscounted(database, attack)
    outcome.failures += [f"{count} times {what}" for what, count in attack.broken.items()]
    mails = _mails(database)
    outcome.failures += [f"{count} codes within an hour" for count in mails.values() if count > 3]
    if not attack.refused:
        outcome.failures.append("no budget was spent: too few guesses")
    looked_at = sum(n for (kind, _), n in attack.looked_at.items() if kind == "details.person")
    return {
        "guesses": attack.taken_by_session.total() + len(attack.refused),
        "taken": attack.taken_by_session.total(),
        "looked at": looked_at,
        "codes mailed": mails.total(),
        "sessions": len(attack.taken_by_session),
    }


def _over(attack: Attack) -> list[str]:
    limits: list[tuple[str, Counter[Any], int]] = [
        ("conversation", attack.taken_by_session, BUDGETS.by_conversation.most),
        ("network", attack.taken_by_network, BUDGETS.by_network.most),
    ]
    return [f"{name} {who}: {count}" for name, counts, most in limits
            for who, count in counts.items() if count > most]  # fmt: skip


def _refused_for_nothing(attack: Attack) -> list[str]:
    """Each refusal had a budget that was spent to the last try."""
    return [
        f"refused at {attack.taken_by_session[session]} and {attack.taken_by_network[network]}"
        for session, network in attack.refused
        if attack.taken_by_session[session] < BUDGETS.by_conversation.most
        and attack.taken_by_network[network] < BUDGETS.by_network.most
    ]


def _miscounted(database: Database, attack: Attack) -> list[str]:
    """The person's budgets: min(budget, taken) exactly, in the tallies and where it is decided."""
    wrong = []
    with database.read() as session:
        tallies = {(row.kind, bytes(row.subject)): row.count
                   for row in session.scalars(select(Tally))}  # fmt: skip
        for victim, taken in attack.taken_by_victim.items():
            subject = subject_of(session, f"{victim:08d}")
            for budget in (BUDGETS.by_person, *BUDGETS.codes):
                expected = min(budget.most, taken)
                found = tallies[budget.kind, subject], attack.looked_at[budget.kind, subject]
                if found != (expected, expected):
                    wrong.append(f"{budget.kind} {victim}: {found}, not {expected} of {taken}")
        for conversation, taken in attack.taken_by_session.items():
            subject = subject_of(session, "conversation", conversation)
            if tallies["details.conversation", subject] != taken:
                wrong.append(f"conversation {conversation}")
        for network, taken in attack.taken_by_network.items():
            subject = subject_of(session, "network", network)
            if tallies["details.network", subject] != taken:
                wrong.append(f"network {network}")
    return wrong


def _mails(database: Database) -> Counter[str]:
    """How many codes went to each address."""
    with database.read() as session:
        recipients = [row.recipient for row in session.scalars(select(Outbound))]
    return Counter(recipient for recipient in recipients if recipient)


def _session_ended(database: Database, token: str) -> list[str]:
    """Nothing while the victim's open session can be used, whatever is tried in their name."""
    with database.write() as session:
        view = find_session(session, token)
        if view is None or view.person_id is None:
            return ["the open session of a victim is over"]
        touch_session(session, token)
        post_text(session, view.conversation_id, secrets.token_hex(12), "am I still here?")
    return []


def a_mailbox_is_flooded(requests: int, seed: int) -> Outcome:
    """`requests` at once for one victim, all details right, from 50 sessions and networks; then
    the same for two days, hour by hour."""
    outcome = codes_of_one_minute(requests, seed)
    for pattern, each_hour in (("three", 3), ("twenty", 20)):
        with fresh_sqlite() as database:
            sent = [_hour(database, hour, each_hour) for hour in range(48)]
        days = [sum(sent[first : first + 24]) for first in (0, 24)]
        outcome.figures |= {f"asked {pattern} times an hour: most an hour": max(sent),
                            f"asked {pattern} times an hour: most a day": max(days)}  # fmt: skip
        if max(sent) > 3 or max(days) > 10:
            outcome.failures.append(f"{each_hour} an hour: {sent}")
        if each_hour == 3 and days != [10, 10]:
            outcome.failures.append(f"who asks three times an hour gets {days}, not ten a day")
    return outcome


def codes_of_one_minute(requests: int, seed: int) -> Outcome:
    """The first part of it."""
    outcome = Outcome("codes to one mailbox", seed)
    with fresh_sqlite() as database, hurried_front(database) as (front, _client):
        outcome.figures["codes of one minute"] = _flood(outcome, database, front.url, requests)
    return outcome


def _flood(outcome: Outcome, database: Database, url: str, requests: int) -> int:
    token = _prepare(database)
    way = Http(database, url)
    sessions = [way.open() for _ in range(NETWORKS)]
    guesses = [
        Guess(n % NETWORKS, f"203.0.{n % NETWORKS}.9", 0, client_form(0)) for n in range(requests)
    ]
    attack = Attack(slots=sessions)
    attack.run(way, guesses)
    outcome.failures += [f"{count} times {what}" for what, count in attack.broken.items()]
    if attack.refused:
        outcome.failures.append("somebody was told that the victim's budget is spent")
    sent = _mails(database).total()
    if sent != BUDGETS.codes[0].most:
        outcome.failures.append(f"{sent} codes in one minute")
    outcome.failures += _session_ended(database, token)
    return sent


def _hour(database: Database, hour: int, requests: int) -> int:
    """How many codes one hour of asking brings; then the hour is over."""
    before = _mails(database).total()
    if hour == 0:
        _prepare(database)
    way = Service(database)
    for number in range(requests):
        conversation = way.open()
        here = caller(NO_PERSON_BUDGET, f"203.{hour}.{number}.9")
        with database.write() as session:
            flow.submit_details(session, conversation, details_of(client_form(0)), here)
    _pass(database, HOUR)
    return _mails(database).total() - before


def _pass(database: Database, time: timedelta) -> None:
    """The database's clock cannot be moved: everything that was counted is older instead."""
    with database.write() as session:
        for row in session.scalars(select(Tally)):
            row.started_at = row.started_at - time
