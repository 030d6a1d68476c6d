"""How long the details form takes tells nothing of them (knowledge: security, T02).

Measured is the service without the front's 250 ms grid, which hides far more: one transaction with
its commit, in a folder for temporary files. The outcomes take turns in an order of chance and
always find the same tables. Two outcomes can be told apart by their times when a pair of samples is
ranked right more often than by chance: that share is the area under the ROC curve (AUC).

The control takes out the work that is done for nobody; there the same measure has to fail.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from itertools import combinations
from typing import Any
from unittest import mock

from sqlalchemy import delete, event, select

from bot.chat.conversations import open_conversation
from bot.identity import flow
from bot.identity.budgets import Budget, Budgets
from bot.identity.codes import NewCode
from bot.identity.details import Details
from bot.store import AuditEntry, AuditHead, Challenge, Conversation, Database, Outbound, Tally
from bot.store.conversations import Line
from tests.bot.identity.fresh import fresh_sqlite
from tests.bot.identity.people import (
    CLIENTS,
    REPRESENTATIVES,
    Build,
    caller,
    client_form,
    details_of,
)
from tests.campaigns.outcome import Outcome

LOW, HIGH = 0.47, 0.53
MOST_GAP_MS = 2.0
WARM_UP = 20
CONTROL_SAMPLES = 100
Samples = dict[str, list[float]]

ANOTHER = "another"
_PLENTY = 10**9
UNLIMITED = Budgets(
    by_conversation=Budget("details.conversation", _PLENTY, timedelta(hours=1)),
    by_network=Budget("details.network", _PLENTY, timedelta(hours=1)),
    by_person=Budget("details.person", _PLENTY, timedelta(hours=1)),
    codes=(
        Budget("codes.hour", _PLENTY, timedelta(hours=1)),
        Budget("codes.day", _PLENTY, timedelta(hours=1)),
    ),
)


class Bench:
    """A database with one person for each outcome."""

    def __init__(self, database: Database, kinds: Mapping[str, Build]) -> None:
        self.database = database
        with database.write() as session:
            self.details: dict[str, Details] = {
                name: details_of(build(session, number))
                for number, (name, build) in enumerate(kinds.items(), start=101)
            }
            self.details[ANOTHER] = details_of(client_form(100))
            self._head = _head(session)

    def sample(self, name: str, conversation: str) -> float:
        """Seconds that the details of this outcome took, commit included."""
        here = caller(UNLIMITED)
        details = self.details[name]
        started = time.perf_counter()
        with self.database.write() as session:
            flow.submit_details(session, conversation, details, here)
        return time.perf_counter() - started

    def round(self, order: list[str]) -> Iterator[tuple[str, float]]:
        """One sample of each outcome in this order; the tables are as before afterwards."""
        with self.database.write() as session:
            conversations = {name: open_conversation(session, "web", "en") for name in order}
            before = open_conversation(session, "web", "en")
        # Somebody else comes first: their network's count is there already for everybody.
        self.sample(ANOTHER, before)
        for name in order:
            yield name, self.sample(name, conversations[name])
        self._forget(Challenge, Outbound, Line, Tally, AuditEntry, Conversation)

    def _forget(self, *tables: Any) -> None:
        with self.database.write() as session:
            for table in tables:
                session.execute(delete(table))
            if AuditEntry in tables:
                _put_back(session, self._head)


def times_tell_nothing(samples: int, seed: int) -> Outcome:
    """`samples` of every outcome, and a control that has to be told apart."""
    outcome = Outcome("times of the details form", seed)
    outcome.figures = {"samples of each": samples}
    for form, kinds in (("applicant", CLIENTS), ("representative", REPRESENTATIVES)):
        measured = take(kinds, samples, seed)
        outcome.figures |= _figures(form, measured)
        outcome.failures += told_apart(measured)
    control = the_control_is_seen(min(samples, CONTROL_SAMPLES), seed)
    outcome.figures |= control.figures
    outcome.failures += control.failures
    return outcome


def the_control_is_seen(samples: int, seed: int) -> Outcome:
    """Without the work for nobody the outcomes are told apart, or this campaign sees nothing."""
    outcome = Outcome("times when the work for nobody is left out", seed)
    measured = take(CLIENTS, samples, seed, without_the_work_for_nobody())
    matched = measured.pop("match")
    seen = [name for name, other in measured.items() if told_apart({"m": matched, "o": other})]
    outcome.figures = {"control: told from a match": len(seen), "of": len(measured)}
    outcome.failures += [f"the control was not seen: {name}" for name in measured
                         if name not in seen]  # fmt: skip
    return outcome


def take(
    kinds: Mapping[str, Build], samples: int, seed: int,
    altered: AbstractContextManager[Any] | None = None,
) -> Samples:  # fmt: skip
    """Interleaved samples of each outcome, in seconds."""
    chosen = random.Random(seed)
    measured: Samples = {name: [] for name in kinds}
    with fresh_sqlite() as database, altered or nullcontext():
        bench = Bench(database, kinds)
        gc.collect()
        gc.disable()  # between the rounds, not inside a sample
        try:
            for number in range(WARM_UP + samples):
                order = chosen.sample(list(kinds), len(kinds))
                for name, seconds in bench.round(order):
                    if number >= WARM_UP:
                        measured[name].append(seconds)
                gc.collect(0)
        finally:
            gc.enable()
    return measured


@contextmanager
def without_the_work_for_nobody() -> Iterator[None]:
    """A code is made only for somebody: what one would write at first."""
    make = flow.make_code

    def only_for_somebody(session: Any, *where: Any, person_id: int | None, **how: Any) -> NewCode:
        if person_id is None:
            return NewCode("00000000", "none")
        return make(session, *where, person_id=person_id, **how)

    with mock.patch.object(flow, "make_code", only_for_somebody):
        yield


def told_apart(measured: Samples) -> list[str]:
    """The pairs that their times tell apart."""
    found = []
    for one, other in combinations(measured, 2):
        share = auc(measured[one], measured[other])
        gap = abs(median_ms(measured[one]) - median_ms(measured[other]))
        if not LOW <= share <= HIGH or gap >= MOST_GAP_MS:
            found.append(f"{one} / {other}: AUC {share:.3f}, medians {gap:.3f} ms apart")
    return found


def auc(one: list[float], other: list[float]) -> float:
    """How often a sample of `one` is longer than one of `other` (Mann-Whitney), ties by half."""
    ranked = sorted(other)
    wins = sum(bisect_left(ranked, value) + bisect_right(ranked, value) for value in one)
    return wins / 2 / (len(one) * len(other))


def would_be_seen(samples: list[float]) -> int:
    """The smallest difference, in µs, that these times would betray: how sharp the measure is on
    this machine, as loaded as it is."""
    steps = range(10, 1_000_000, 10)
    seen = bisect_left(steps, True, key=lambda us: auc(_later(samples, us), samples) > HIGH)
    return steps[seen]


def _later(samples: list[float], microseconds: int) -> list[float]:
    return [seconds + microseconds / 1e6 for seconds in samples]


def median_ms(samples: list[float]) -> float:
    return statistics.median(samples) * 1_000


def _figures(form: str, measured: Samples) -> dict[str, int]:
    pairs = list(combinations(measured.values(), 2))
    widest = max(abs(auc(one, other) - 0.5) for one, other in pairs)
    gap = max(abs(median_ms(one) - median_ms(other)) for one, other in pairs)
    return {
        f"{form}: pairs": len(pairs),
        f"{form}: AUC from 0.5 at most, thousandths": round(widest * 1_000),
        f"{form}: medians apart at most, µs": round(gap * 1_000),
        f"{form}: what would be seen, µs": would_be_seen(next(iter(measured.values()))),
        f"{form}: median, µs": round(statistics.median(map(median_ms, measured.values())) * 1_000),
    }


def the_statements_are_the_same(seed: int) -> Outcome:
    """Every outcome asks the database the same, in the same order: no chance in it, so a sample
    for every run of the tests."""
    outcome = Outcome("statements of the details form", seed)
    for form, kinds in (("applicant", CLIENTS), ("representative", REPRESENTATIVES)):
        seen = statements(kinds, seed)
        expected = next(iter(seen.values()))
        outcome.figures[f"{form}: statements"] = len(expected)
        outcome.failures += [f"{name}: {len(found)} statements" for name, found in seen.items()
                             if found != expected]  # fmt: skip
    return outcome


def statements(kinds: Mapping[str, Build], seed: int) -> dict[str, list[str]]:
    """What each outcome asks the database."""
    seen: dict[str, list[str]] = {name: [] for name in kinds}
    with fresh_sqlite() as database:
        bench = Bench(database, kinds)
        for name in random.Random(seed).sample(list(kinds), len(kinds)):
            with database.write() as session:
                conversation = open_conversation(session, "web", "en")
            with heard(database, seen[name]):
                bench.sample(name, conversation)
    return seen


@contextmanager
def heard(database: Database, into: list[str]) -> Iterator[None]:
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        into.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _head(session: Any) -> dict[str, Any]:
    row = session.execute(select(AuditHead)).scalar_one()
    return {name: getattr(row, name) for name in ("position", "hash", "key", "seal")}


def _put_back(session: Any, head: dict[str, Any]) -> None:
    """The chain of the audit trail as it was, so that its next row is as long as before."""
    row = session.execute(select(AuditHead)).scalar_one()
    for name, value in head.items():
        setattr(row, name, value)
