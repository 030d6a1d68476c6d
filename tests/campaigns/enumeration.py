"""Whoever sends the details form learns nothing: not whether there is such a file, not what was
wrong, not why there is no code (knowledge: security, T01).

Everything that comes back over HTTP is compared byte by byte between the outcomes, and so is what
is written to the database. Both ways in are visited, the API of the page and the page without
scripts; text messages are another file's (enumeration_texts.py). What differs for everybody (ids,
moments, tokens) is taken out first. The rhythm of the answers is another campaign's (timing.py).
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import httpx
from sqlalchemy import event

from bot.chat.conversations import open_conversation
from bot.identity.sessions import open_session
from bot.store import Database
from connectors.webchat import identity as identity_routes
from connectors.webchat import plain as plain_routes
from tests.bot.identity.fresh import fresh_sqlite, public_front
from tests.bot.identity.people import (
    CLIENTS,
    PUBLIC_URL,
    REPRESENTATIVES,
    Build,
    Form,
    code_in,
    newest_mail,
    wrong,
)
from tests.campaigns.outcome import Outcome
from tests.connectors.serving import Front

LANGUAGES = ("en", "fr")
WRONG_CODES = 6  # one more than is looked at
# What is another for everybody, and what stands in its place.
_OWN = [
    (re.compile(r'(name="(?:form_token|client_id)" value=")[^"]*'), r"\1TOKEN"),
    (re.compile(r"(__Host-passage=)[^;\s]+"), r"\1TOKEN"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?"), "MOMENT"),
    (re.compile(r"(again=)[0-9a-f]{24}"), r"\1TOKEN"),
    (re.compile(r"\b\d\d:\d\d\b"), "TIME"),
]
_WRITES = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM) (\w+)")
_TABLES_OF_TIME = {"heartbeat"}


class Visit:
    """One person's conversation at the front; `trace` is all that came back and all that was
    written, step by step."""

    def __init__(self, front: Front, client: httpx.Client, language: str, number: int) -> None:
        self.trace: list[Any] = []
        self.database = front.database
        self.language = language
        self._client = client
        with self.database.write() as session:
            self.conversation = open_conversation(session, "web", language)
            token = open_session(session, self.conversation)
        address = f"10.{number >> 8 & 255}.{number & 255}.1"  # each from a network of their own
        self._headers = {"Cookie": f"__Host-passage={token}", "X-Forwarded-For": address}

    def send(self, form: Form) -> None:
        """Send the details, then see what the conversation shows."""
        raise NotImplementedError

    def enter(self, code: str) -> httpx.Response:
        raise NotImplementedError

    def wrong_codes(self, how_many: int = WRONG_CODES) -> None:
        code = wrong(code_in(newest_mail(self.database)))
        for _ in range(how_many):
            self.enter(code)

    def get(self, path: str) -> httpx.Response:
        return self._took(self._client.get(path, headers=self._headers))

    def post(self, path: str, **body: Any) -> httpx.Response:
        headers = {**self._headers, "Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}
        if "content" in body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with writes(self.database) as written:
            answer = self._took(self._client.post(path, headers=headers, **body))
        self.trace.append(dict(written))
        return answer

    def _took(self, answer: httpx.Response) -> httpx.Response:
        self.trace.append(shown(answer))
        found = re.search(r"__Host-passage=([^;]+)", answer.headers.get("set-cookie", ""))
        if found:
            self._headers["Cookie"] = found.group()
        return answer


class PageVisit(Visit):
    """By way of the API, as the page with scripts does."""

    name = "api"

    def send(self, form: Form) -> None:
        self.post("/api/chat/identify", json=form)
        self.get("/api/chat/events?wait=0")

    def enter(self, code: str) -> httpx.Response:
        return self.post("/api/chat/code", json={"code": code})


class PlainVisit(Visit):
    """By way of the page without scripts."""

    name = "plain"
    _token = ""

    def send(self, form: Form) -> None:
        year, month, day = form["birth_date"].split("-")
        who = "representative" if "party_id" in form else "self"
        parts = {"birth_year": year, "birth_month": month, "birth_day": day, "who": who}
        self.get(f"/{self.language}/plain")
        self._act("identify", {**form, **parts})
        self.get(f"/{self.language}/plain")

    def enter(self, code: str) -> httpx.Response:
        return self._act("code", {"code": code})

    def _act(self, name: str, fields: Form) -> httpx.Response:
        content = urlencode({**fields, "form_token": self._token})
        return self.post(f"/{self.language}/plain/{name}", content=content)

    def _took(self, answer: httpx.Response) -> httpx.Response:
        found = re.search(r'name="form_token" value="([^"]+)"', answer.text)
        self._token = found.group(1) if found else self._token
        return super()._took(answer)


DOORS: tuple[type[PageVisit | PlainVisit], ...] = (PageVisit, PlainVisit)


def shown(answer: httpx.Response) -> bytes:
    """Status, headers with their cookies, and body, without what is another for everybody."""
    # A token is longer or shorter, and with it the page: its length counts without them.
    assert int(answer.headers.get("content-length", "0")) == len(answer.content)
    body = common(answer.text)
    headers = [f"{name.decode()}: {value.decode()}" for name, value in answer.headers.raw
               if name != b"content-length"]  # fmt: skip
    head = common("\n".join([str(answer.status_code), *headers]))
    return f"{head}\n\n{body}".encode()


def common(text: str) -> str:
    for pattern, replacement in _OWN:
        text = pattern.sub(replacement, text)
    return text


@contextmanager
def writes(database: Database) -> Iterator[Counter[str]]:
    """Counts the rows that are written meanwhile, by kind and table."""
    seen: Counter[str] = Counter()

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        found = _WRITES.match(statement)
        if found and found.group(2) not in _TABLES_OF_TIME:
            seen[" ".join(found.groups())] += cursor.rowcount

    event.listen(database.engine, "after_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "after_cursor_execute", note)


@contextmanager
def hurried_front(database: Database, **changes: Any) -> Iterator[tuple[Front, httpx.Client]]:
    """A front whose grid of time is fine and that waits for no engine: only what it says is
    looked at."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(identity_routes, "GRID_SECONDS", 0.005))
        stack.enter_context(mock.patch.object(plain_routes, "SETTLE_SECONDS", 0.1))
        front = stack.enter_context(public_front(database, **changes))
        yield front, stack.enter_context(httpx.Client(base_url=front.url, timeout=60))


def answers_tell_nothing(runs: int, seed: int) -> Outcome:
    """Every outcome, in both languages and by both ways in, `runs` times each."""
    chosen = random.Random(seed)
    outcome = Outcome("answers to the details form", seed)
    figures = Counter[str]()
    numbers = count(1_001)
    with fresh_sqlite() as database, hurried_front(database) as (front, client):
        for door in DOORS:
            for language in LANGUAGES:
                for kinds in (CLIENTS, REPRESENTATIVES):
                    visits = _visits(front, client, door, language, kinds, runs, numbers, chosen)
                    compare(outcome, figures, f"{door.name} {language}", visits, _is_complete)
    outcome.figures = dict(figures)
    return outcome


def _visits(
    front: Front, client: httpx.Client, door: type[PageVisit | PlainVisit], language: str,
    kinds: Mapping[str, Build], runs: int, numbers: Iterator[int], chosen: random.Random,
) -> Iterator[tuple[str, list[Any]]]:  # fmt: skip
    """(outcome, trace) of one visit after the other, in an order that chance decides."""
    order = [name for name in kinds for _ in range(runs)]
    chosen.shuffle(order)
    for name in order:
        number = next(numbers)
        with front.database.write() as session:
            form = kinds[name](session, number)
        visit = door(front, client, language, number)
        visit.send(form)
        visit.wrong_codes()
        yield name, visit.trace


def compare(
    outcome: Outcome, figures: Counter[str], where: str,
    visits: Iterable[tuple[str, list[Any]]], is_complete: Callable[[list[Any]], bool],
) -> None:  # fmt: skip
    """(outcome, trace) of each visit with the first one's trace, into figures and failures."""
    expected: list[Any] = []
    for name, trace in visits:
        expected = expected or trace
        differing = differences(expected, trace)
        figures["visits"] += 1
        figures["answers"] += sum(isinstance(step, bytes) for step in trace)
        figures["bytes compared"] += sum(len(s) for s in trace if isinstance(s, bytes))
        figures["steps that differ"] += len(differing)
        outcome.failures += [f"{where}, {name}: {found}" for found in differing]
    if not is_complete(expected):
        outcome.failures.append(f"{where}: not the steps that were meant: {expected[:4]}")


def differences(expected: list[Any], trace: list[Any]) -> list[str]:
    """What differs, step by step, each cut to the place where it begins."""
    if len(expected) != len(trace):
        return [f"{len(expected)} steps and {len(trace)}"]
    return [
        f"step {step}: {_place(one, other)}"
        for step, (one, other) in enumerate(zip(expected, trace, strict=True))
        if one != other
    ]


def _place(one: Any, other: Any) -> str:
    if not isinstance(one, bytes) or not isinstance(other, bytes):
        return f"{one} / {other}"
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"…{one[max(0, at - 40) : at + 60]!r} / …{other[max(0, at - 40) : at + 60]!r}"


def _is_complete(trace: list[Any]) -> bool:
    """The details were taken, a code was asked for, and the codes were counted down to the end."""
    shown = b"\n".join(step for step in trace if isinstance(step, bytes))
    taken = re.search(rb"^(202|303)\n", shown, re.M) is not None
    ended = len(re.findall(rb"^422\n", shown, re.M)) == WRONG_CODES
    return taken and ended and any(isinstance(s, dict) and s.get("INSERT INTO outbound") == 1
                                   for s in trace)  # fmt: skip
