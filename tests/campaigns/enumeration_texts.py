"""Whoever texts what somebody else knows of themselves learns nothing either (knowledge: security,
T01): not from the answers, not from how many there are or how long.

Nobody proves who they are by text message. So a phone that is nobody's, and one that is linked to
somebody else, text in turn what belongs to a person of each outcome of the details form: their
identifiers, names, dates, the code that was just mailed to them, and STATUS in between. The answers
of the front, what goes out to the phone and the kinds and numbers of rows that are written are
compared as the form's are. What they texted themselves is theirs to see.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.phones.finding import phone_of
from bot.store import Database, Line, Outbound, Phone, PhoneLink
from tests.bot.identity.people import CLIENTS, REPRESENTATIVES, Build, add_client, caller, send
from tests.campaigns.enumeration import (
    LANGUAGES,
    answers_tell_nothing,
    common,
    compare,
    hurried_front,
    shown,
    writes,
)
from tests.campaigns.outcome import Outcome
from tests.campaigns.timing import UNLIMITED
from tests.connectors.serving import Front
from tests.support.texting import TEXTING, Carrier

LINKED = "linked phone"
STRANGER = "stranger's phone"
Places = Sequence[tuple[str, str]]
PLACES: Places = [(phone, lang) for phone in (STRANGER, LINKED) for lang in LANGUAGES]
# Of 42 Canadian areas; 555-0100 to 555-0199 of each are nobody's.
AREAS = re.findall(
    r"\d+",
    "204 226 236 249 250 289 306 343 365 367 403 416 418 431 437 438 450 506 514 519 548"
    " 579 581 587 604 613 639 647 672 705 709 742 778 780 782 807 819 825 867 873 902 905",
)
OWNERS = 50_000_000  # the numbers of files on which owners of linked phones stand
TEXTS = {
    "en": (
        "STATUS", "my UCI is {uci}", "UCI {uci}, application {number}",
        "what is the status of application {number}?",
        "my name is {given_names} {family_name}, born on {birth_date} in {birth_place}",
        "{code}", "my code is {code}, where is my application?", "STATUS",
    ),
    "fr": (
        "STATUT", "mon IUC est le {uci}", "IUC {uci}, demande {number}",
        "où en est la demande {number}?",
        "je m'appelle {given_names} {family_name}, née le {birth_date} à {birth_place}",
        "{code}", "mon code est {code}, où en est ma demande?", "STATUT",
    ),
}  # fmt: skip


class TextVisit:
    """One phone; `trace` is all that came back and all that was written, text by text."""

    def __init__(
        self, front: Front, carrier: Carrier, worker: Any, language: str, place: int
    ) -> None:
        self.trace: list[Any] = []
        self._database, self._carrier, self._worker = front.database, carrier, worker
        self._number = f"+1{AREAS[place // 100 % len(AREAS)]}55501{place % 100:02d}"
        with self._database.write() as session:
            self._phone = phone_of(session, self._number, language).id
        self._message, self._line = 0, 0

    def link(self, person_id: int) -> None:
        moment = now()
        until = moment + timedelta(days=90)
        with self._database.write() as session:
            link = {"phone_id": self._phone, "person_id": person_id}
            session.add(PhoneLink(**link, proven_at=moment, until=until))

    async def text(self, words: str) -> None:
        with writes(self._database) as written:
            answer = await asyncio.to_thread(self._carrier.text, words, self._number)
            await self._turns()
        self.trace += [shown(answer), dict(written), *self._new()]

    async def _turns(self) -> None:
        """The engine answers what there is to answer."""
        while (claim := await asyncio.to_thread(self._worker._claims.next)) is not None:
            await self._worker._answer(claim)
            self._worker._claims.release(claim.conversation_id)

    def _new(self) -> list[bytes]:
        """What is to go out to this phone, with its parts, and what the transcript says to it."""
        with self._database.read() as session:
            talk = session.get(Phone, self._phone).conversation_id
            mine = (Outbound.phone_id == self._phone, Outbound.id > self._message)
            sent = session.scalars(select(Outbound).where(*mine).order_by(Outbound.id)).all()
            said = (Line.conversation_id == talk, Line.number > self._line, Line.author != "user")
            lines = session.scalars(select(Line).where(*said).order_by(Line.number)).all()
        self._message = max([self._message, *(m.id for m in sent)])
        self._line = max([self._line, *(line.number for line in lines)])
        seen = [("sent", m.event, m.state, m.language, m.parts, m.text) for m in sent]
        seen += [("line", line.author, line.body["text"]) for line in lines]
        return [common(repr(each)).encode() for each in seen]


async def nothing_is_told(worker: Any, database: Database, runs: int, seed: int) -> Outcome:
    """By the form and by text message; `worker` is the engine's, on `database`."""
    outcome = await asyncio.to_thread(answers_tell_nothing, runs, seed)
    texts = await texts_tell_nothing(worker, database, runs, seed)
    figures = {**outcome.figures, **{f"text: {n}": found for n, found in texts.figures.items()}}
    return Outcome(outcome.name, seed, figures, outcome.failures + texts.failures)


async def texts_tell_nothing(
    worker: Any, database: Database, runs: int, seed: int, places: Places = PLACES
) -> Outcome:
    """`runs` of each outcome in each of `places`: (kind of phone, language)."""
    outcome, figures = Outcome("answers to text messages", seed), Counter[str]()
    numbers, chosen = count(1_000_001), random.Random(seed)
    with hurried_front(database, **TEXTING) as (front, _client):
        carrier = Carrier(front.url, front.settings.public_url)
        for phone, language in places:
            for kinds in (CLIENTS, REPRESENTATIVES):
                order = [name for name in kinds for _ in range(runs)]
                chosen.shuffle(order)
                visits = []
                for name in order:
                    number = next(numbers)
                    visit = TextVisit(front, carrier, worker, language, number)
                    if phone == LINKED:
                        visit.link(_owner(database, number))
                    await _texted(visit, kinds[name], database, language, number)
                    visits.append((name, visit.trace))
                compare(outcome, figures, f"{phone} {language}", visits, _is_complete)
        carrier.close()
    outcome.figures = dict(figures)
    return outcome


def _owner(database: Database, number: int) -> int:
    """Whose phone it is: somebody with a file of their own, on which nothing is special."""
    with database.write() as session:
        return int(add_client(session, OWNERS + number)[0].id)


async def _texted(
    visit: TextVisit, build: Build, database: Database, language: str, number: int
) -> None:
    """Somebody asks on the page for a code for these details; then all of it is texted."""
    with database.write() as session:
        form = build(session, number)
        conversation = open_conversation(session, "web", language)
    code = send(database, conversation, form, caller(UNLIMITED))
    for words in TEXTS[language]:
        await visit.text(words.format(**form, code=code))
    if "party_id" in form:
        await visit.text(form["party_id"])


def _is_complete(trace: list[Any]) -> bool:
    """Each text was taken and answered, details with the warning and questions by the engine."""
    written = [step for step in trace if isinstance(step, dict)]
    seen = b"\n".join(step for step in trace if isinstance(step, bytes))
    answered = all(step.get("INSERT INTO outbound", 0) >= 1 for step in written)
    by_engine = sum(step.get("INSERT INTO tracker_event", 0) > 0 for step in written)
    return answered and by_engine >= 3 and seen.count(b"200\n") >= len(written)
