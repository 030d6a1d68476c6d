"""Two hundred tries of one code at once: never a sixth look, never a second success, and the right
code works whenever it is among those looked at (knowledge: security, T04)."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier
from typing import Any
from unittest import mock

from sqlalchemy import select

from bot.chat.conversations import open_conversation
from bot.identity import codes
from bot.identity.codes import MAX_TRIES, make_code, try_code
from bot.identity.sessions import open_session
from bot.store import Challenge, Database, WebSession
from tests.bot.identity.fresh import fresh_postgres, fresh_sqlite, patiently, post, public_front
from tests.bot.identity.people import add_client, wrong
from tests.campaigns.outcome import Outcome

TRIES, RIGHT_ONES = 200, 20


class Looks:
    """Which codes were really looked at, and which of them were right."""

    def __init__(self) -> None:
        self.right: list[bool] = []

    def __call__(self, look: Callable[..., bool], *arguments: Any) -> bool:
        found = look(*arguments)
        self.right.append(found)
        return found


@contextmanager
def counted() -> Iterator[Looks]:
    looks, look = Looks(), codes._is_right
    with mock.patch.object(codes, "_is_right", lambda *given: looks(look, *given)):
        yield looks


def codes_are_raced_for(rounds: int, seed: int) -> Outcome:
    """`rounds` on each kind of database, and a tenth of them through the front."""
    outcome = Outcome("one code tried at once", seed)
    for kind, fresh in (("SQLite", fresh_sqlite), ("PostgreSQL", fresh_postgres)):
        with fresh() as database:
            figures = race(outcome, database, rounds, seed)
        outcome.figures |= {f"{kind}: {name}": count for name, count in figures.items()}
    with fresh_sqlite() as database:
        figures = race_through_the_front(outcome, database, max(1, rounds // 10), seed)
    outcome.figures |= {f"HTTP: {name}": count for name, count in figures.items()}
    return outcome


def race(outcome: Outcome, database: Database, rounds: int, seed: int) -> dict[str, int]:
    """Rounds through the service, each with a challenge of its own."""
    chosen, figures = random.Random(seed), Counter[str]()
    with database.write() as session:
        person_id = add_client(session, 101)[0].id
    with ThreadPoolExecutor(TRIES) as pool:
        for number in range(rounds):
            conversation, tries = _round(database, person_id, chosen)
            start = Barrier(TRIES)
            with counted() as looks:
                one = partial(_try_one_of_all, database, conversation, start)
                successes = sum(pool.map(one, tries))
            figures.update(_seen(looks, successes))
            found = _wrong(database, conversation, looks, successes)
            outcome.failures += [f"round {number}: {what}" for what in found]
    return {**figures, "rounds": rounds, "tries": rounds * TRIES}


def _round(database: Database, person_id: int, chosen: random.Random) -> tuple[str, list[str]]:
    """A conversation with a code, and the tries in an order of chance."""
    with database.write() as session:
        conversation = open_conversation(session, "web", "en")
        # Another subject each time: wrong codes of the rounds before must not lock.
        subject = secrets.token_bytes(16)
        code = make_code(session, conversation, subject=subject, person_id=person_id).digits
    tries = [code] * RIGHT_ONES + [wrong(code)] * (TRIES - RIGHT_ONES)
    chosen.shuffle(tries)
    return conversation, tries


def _try_one_of_all(database: Database, conversation: str, start: Barrier, code: str) -> bool:
    """Whether this try succeeded; all begin together."""
    start.wait(60)
    return patiently(lambda: _try_one(database, conversation, code))


def _try_one(database: Database, conversation: str, code: str) -> bool:
    with database.write() as session:
        return try_code(session, conversation, code).person_id is not None


def _wrong(database: Database, conversation: str, looks: Looks, successes: int) -> list[str]:
    """What should not have happened in a round."""
    with database.read() as session:
        query = select(Challenge).where(Challenge.conversation_id == conversation)
        challenge = session.scalars(query).one()
    expected = int(any(looks.right))
    ended = len(looks.right) == MAX_TRIES or challenge.used_at is not None
    checks = {
        f"{successes} successes, {sum(looks.right)} right codes looked at": successes == expected,
        f"{len(looks.right)} looks": len(looks.right) <= MAX_TRIES,
        f"{challenge.tries} tries counted, {len(looks.right)} looks":
            challenge.tries == len(looks.right),
        "it was left open": ended,
        "used without a success": (challenge.used_at is not None) == bool(successes),
    }  # fmt: skip
    return [name for name, holds in checks.items() if not holds]


def _seen(looks: Looks, successes: int) -> dict[str, int]:
    return {"successes": successes, "looks": len(looks.right)}


def race_through_the_front(
    outcome: Outcome, database: Database, rounds: int, seed: int
) -> dict[str, int]:
    """The same through HTTP: one browser's cookie, two hundred requests at once."""
    chosen, figures = random.Random(seed), Counter[str]()
    with public_front(database) as front, ThreadPoolExecutor(TRIES) as pool:
        with database.write() as session:
            person_id = add_client(session, 101)[0].id
        for number in range(rounds):
            conversation, tries = _round(database, person_id, chosen)
            headers = _headers(database, conversation)
            with counted() as looks:
                one = partial(_post, front.url, headers)
                statuses = Counter(pool.map(one, tries))
            figures.update({**_seen(looks, statuses[200]), "requests": statuses.total()})
            found = _wrong(database, conversation, looks, statuses[200])
            found += _wrong_answers(database, conversation, statuses)
            outcome.failures += [f"HTTP round {number}: {what}" for what in found]
    return {**figures, "rounds": rounds}


def _headers(database: Database, conversation: str) -> dict[str, str]:
    with database.write() as session:
        return {"Cookie": f"__Host-passage={open_session(session, conversation)}"}


def _post(url: str, headers: dict[str, str], code: str) -> int:
    return post(url, "/api/chat/code", headers, {"code": code})


def _wrong_answers(database: Database, conversation: str, statuses: Counter[int]) -> list[str]:
    """422: not right; 401: too late, the right one has ended this session."""
    with database.read() as session:
        query = select(WebSession).where(WebSession.conversation_id == conversation)
        verified = [row for row in session.scalars(query) if row.person_id and not row.ended_at]
    found = [] if set(statuses) <= {200, 401, 422} else [f"answers {dict(statuses)}"]
    if len(verified) != statuses[200]:
        found.append(f"{len(verified)} sessions for {statuses[200]} successes")
    return found
