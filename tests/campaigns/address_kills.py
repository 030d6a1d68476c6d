"""kill -9 of front, engine and sender while people confirm an address: each change is applied
exactly once, with one notice (knowledge: security, T26)."""

from __future__ import annotations

import random
import re
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select, update

from bench.running import bench_settings
from bot.audit.anchor import FILE
from bot.audit.verify import verify
from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.identity.sessions import verify_session
from bot.landing.members import member_ref
from bot.opening import open_database
from bot.store import AddressChange, AuditEntry, Database, DemoMail, Outbound, PostalAddress
from bot.texts import say
from tests.bot.identity.people import add_client
from tests.campaigns.outcome import Outcome
from tests.support.processes import Service

AT_ONCE = 6
PARTS = ("front", "engine", "sender")
PATIENCE_SECONDS = 120
STEPS = 2  # of each person: the address, its code
# The service was down, or died over the request; 429 and 503 ask for patience.
AGAIN = ("by nobody", "and cut off", "429", "503")


@dataclass(frozen=True)
class Mover:
    """Somebody signed in, and where they live from now on."""

    person_id: int
    headers: dict[str, str]
    member: str
    street: str


class Street:
    """Everybody who moves, what they were answered, and how far they are together."""

    def __init__(self, url: str, database: Database) -> None:
        self.url, self.database = url, database
        self.answers: Counter[str] = Counter()
        self.steps = 0
        self._lock = threading.Lock()

    def move(self, mover: Mover) -> None:
        """Send the address, then its code, each until it is answered."""
        place = {"unit": "", "city": "Ottawa", "province": "ON", "postal_code": "K1A 0B1"}
        named = {"client_id": uuid.uuid4().hex, "member": mover.member}
        self._until("address/send", mover, {**named, **place, "street": mover.street}, 202)
        self._until("address/code", mover, {"code": self._code(mover)}, 200)

    def _until(self, path: str, mover: Mover, body: dict[str, str], wanted: int) -> None:
        """The same request again until it is answered as wanted."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (answer := self._post(path, mover, body)) != str(wanted):
            if answer not in AGAIN or time.monotonic() > deadline:
                raise RuntimeError(f"{path} was answered {answer}")
            time.sleep(0.2)
        with self._lock:
            self.steps += 1

    def _post(self, path: str, mover: Mover, body: dict[str, str]) -> str:
        try:
            found = httpx.post(
                f"{self.url}/api/chat/{path}", json=body, headers=mover.headers, timeout=30
            )
            answer = str(found.status_code)
        except httpx.ConnectError:
            answer = "by nobody"
        except httpx.TransportError:
            answer = "and cut off"
        with self._lock:
            self.answers[answer] += 1
        return answer

    def _code(self, mover: Mover) -> str:
        """The code that was written for them, sent already or not."""
        with self.database.read() as session:
            query = select(Outbound.reference, Outbound.text)
            reference, text = session.execute(
                query.where(Outbound.person_id == mover.person_id)
            ).one()
            sent = select(DemoMail.text).where(DemoMail.reference == reference)
            found = re.search(r"\d{4} \d{4}", text or session.scalar(sent))
        assert found
        return found.group()


def addresses_are_confirmed_once(kills: int, people: int, seed: int) -> Outcome:
    """`people` change their address while parts of the service are killed `kills` times; then the
    hold ends, and the sender is killed while it applies them."""
    outcome, chosen = Outcome("addresses under kill -9", seed), random.Random(seed)
    with _running() as (service, database):
        movers = [_signed_in(database, service.url, 10_001 + n) for n in range(people)]
        street = Street(service.url, database)
        killer = threading.Thread(target=_kill, args=(service, street, kills, people, chosen))
        killer.start()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(street.move, movers))
        killer.join()
        applying = _apply(service, database, chosen, people)
        outcome.failures += [what for mover in movers for what in _wrong(database, mover)]
        outcome.failures += _wrong_trail(service, database, people)
    answers = {f"answered {name}": count for name, count in sorted(street.answers.items())}
    outcome.figures = {"people": people, "kills": kills, "kills while applied": applying, **answers}
    return outcome


@contextmanager
def _running() -> Iterator[tuple[Service, Database]]:
    """A service without the demo's cases, its parts started, and a way into its database."""
    with tempfile.TemporaryDirectory(prefix="passage-") as folder:
        service = Service(bench_settings(Path(folder)), Path(folder))
        database = open_database(service.settings)
        database.migrate()
        try:
            service.start(*PARTS)
            service.wait_up()
            yield service, database
        finally:
            service.stop()
            database.close()


def _signed_in(database: Database, url: str, number: int) -> Mover:
    """A person with a file, a session, a network and a door of their own."""
    with database.write() as session:
        person, _ = add_client(session, number)
        conversation = open_conversation(session, "web", "en")
        token = verify_session(session, conversation, person.id)
        headers = {
            "Origin": url,
            "Cookie": f"passage={token}",
            "X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
        }
        ref = member_ref(session, conversation, person.id)
        return Mover(int(person.id), headers, ref, f"{number} Main St")


def _kill(service: Service, street: Street, kills: int, people: int, chosen: random.Random) -> None:
    """At random points of the way of all together, the front first; each part starts anew."""
    points = sorted(chosen.randrange(people * STEPS) for _ in range(kills))
    for number, point in enumerate(points):
        while street.steps < point:
            time.sleep(0.005)
        part = PARTS[0] if number == 0 else chosen.choice(PARTS)
        time.sleep(chosen.uniform(0, 0.03))
        service.kill(part)
        time.sleep(chosen.uniform(0, 0.5))
        service.start(part)


def _apply(service: Service, database: Database, chosen: random.Random, people: int) -> int:
    """End the hold; the sender starts, is killed at some moment and starts again, until every
    change counts. How often it was killed."""
    with database.write() as session:
        session.execute(update(AddressChange).values(held_until=now() - timedelta(minutes=1)))
    deadline, killed = time.monotonic() + PATIENCE_SECONDS + people, 0
    while time.monotonic() < deadline:
        before = _applied(database)
        service.kill("sender")
        killed += 1
        service.start("sender")
        while time.monotonic() < deadline and _applied(database) == before < people:
            time.sleep(0.005)
        if before == people:
            return killed
        time.sleep(chosen.uniform(0, 0.3))
    return killed


def _applied(database: Database) -> int:
    with database.read() as session:
        query = select(func.count()).where(AddressChange.state == "applied")
        return int(session.scalar(query))


def _wrong(database: Database, mover: Mover) -> list[str]:
    """What is not exactly once about one person."""
    notice = say("en", "mail.address_changed.subject")
    with database.read() as session:
        here = AddressChange.person_id == mover.person_id
        states = session.scalars(select(AddressChange.state).where(here)).all()
        subjects = session.scalars(
            select(Outbound.subject).where(Outbound.person_id == mover.person_id)
        ).all()
        record = session.get(PostalAddress, mover.person_id)
    checks = {
        f"changes {states}": states == ["applied"],
        f"messages {subjects}": len(subjects) == 2 and subjects.count(notice) == 1,
        "another address of record": record is not None and record.value["street"] == mover.street,
    }
    return [f"{mover.street}: {what}" for what, holds in checks.items() if not holds]


def _wrong_trail(service: Service, database: Database, people: int) -> list[str]:
    """Each change has its two rows, and the chain of hashes holds."""
    found = []
    with database.read() as session:
        for act in ("address.held", "address.applied"):
            rows = session.scalar(select(func.count()).where(AuditEntry.act == act))
            found += [] if rows == people else [f"{rows} rows {act}"]
        found += [str(what) for what in verify(session, _anchor(service))]
    return found


def _anchor(service: Service) -> Any:
    path = service.settings.home / FILE
    return path if path.exists() else None
