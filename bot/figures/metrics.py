"""What a monitoring system asks every minute: how the desk is doing now, and the last 24 hours.

Gauges only: rows are purged, so what is counted in them may become less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from bot.clock import now
from bot.figures import closed
from bot.handoff import present
from bot.handoff.targets import due_before
from bot.store import Alert, Handoff, Rating, TurnFigure
from bot.store.desk import OPEN
from bot.texts import LANGUAGES

DAY = timedelta(hours=24)


def metrics(session: Any) -> bytes:
    """The text format of Prometheus, version 0.0.4."""
    registry = CollectorRegistry()
    registry.register(_Desk(session))
    return generate_latest(registry)


class _Desk(Collector):
    def __init__(self, session: Any) -> None:
        self._session = session

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return []  # so that registering asks nothing of the database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        session = self._session
        yield from _now(session)
        yield _agents(session)
        since = now() - DAY
        yield _asked(session, since)
        yield _ended(session, since)
        yield _turns(session, since)
        yield _ratings(session, since)
        yield _alerts(session, since)


def _now(session: Any) -> Iterator[GaugeMetricFamily]:
    rows = session.execute(
        select(
            Handoff.state, Handoff.language, Handoff.channel, func.count(),
            func.min(Handoff.asked_at),
        )
        .where(Handoff.state.in_(OPEN))
        .group_by(Handoff.state, Handoff.language, Handoff.channel)
    ).all()  # fmt: skip
    counts: Counter[tuple[str, ...]] = Counter()
    for state, language, channel, count, _ in rows:
        key = (closed.closed(state, closed.STATES), *_where(language, channel))
        counts[key] += count
    yield _gauge("passage_handoffs_open", "Hand-offs that are not over.", _LABELS["open"], counts)
    oldest: dict[tuple[str, ...], float] = {(one,): 0.0 for one in LANGUAGES}
    for state, language, _, _, asked in rows:
        if state == "queued":
            here = (closed.language_of(language),)
            oldest[here] = max(oldest.get(here, 0.0), (now() - asked).total_seconds())
    yield _gauge(
        "passage_longest_wait_seconds", "Since whoever waits longest asked.", ("language",), oldest
    )
    late = session.scalar(select(func.count()).select_from(Handoff).where(due_before(now())))
    yield _gauge("passage_answers_late", "Answers whose time has come.", (), {(): late})


_LABELS = {"open": ("state", "language", "channel"), "where": ("language", "channel")}


def _agents(session: Any) -> GaugeMetricFamily:
    counts = {(one,): len(present(session, one)) for one in LANGUAGES}
    return _gauge(
        "passage_agents_available", "Agents who take conversations.", ("language",), counts
    )


def _asked(session: Any, since: Any) -> GaugeMetricFamily:
    rows = session.execute(
        select(Handoff.reason, Handoff.language, Handoff.channel, func.count())
        .where(Handoff.asked_at >= since)
        .group_by(Handoff.reason, Handoff.language, Handoff.channel)
    )
    counts: Counter[tuple[str, ...]] = Counter()
    for reason, language, channel, count in rows:
        key = (closed.reason_of(reason), *_where(language, channel))
        counts[key] += count
    labels = ("reason", *_LABELS["where"])
    return _gauge("passage_handoffs_asked_day", "Asked for in 24 hours.", labels, counts)


def _ended(session: Any, since: Any) -> GaugeMetricFamily:
    rows = session.execute(
        select(Handoff.state, Handoff.outcome, func.count())
        .where(Handoff.ended_at >= since)
        .group_by(Handoff.state, Handoff.outcome)
    )
    counts: Counter[tuple[str, ...]] = Counter()
    for state, outcome, count in rows:
        counts[(closed.closed(outcome or state, closed.ENDINGS),)] += count
    return _gauge("passage_handoffs_ended_day", "Ended in 24 hours.", ("outcome",), counts)


def _turns(session: Any, since: Any) -> GaugeMetricFamily:
    rows = session.execute(
        select(TurnFigure.understood, TurnFigure.language, TurnFigure.channel, func.count())
        .where(TurnFigure.at >= since)
        .group_by(TurnFigure.understood, TurnFigure.language, TurnFigure.channel)
    )
    counts: Counter[tuple[str, ...]] = Counter()
    for understood, language, channel, count in rows:
        key = ("yes" if understood else "no", *_where(language, channel))
        counts[key] += count
    labels = ("understood", *_LABELS["where"])
    return _gauge("passage_messages_day", "Messages to the assistant in 24 hours.", labels, counts)


def _ratings(session: Any, since: Any) -> GaugeMetricFamily:
    rows = session.execute(
        select(Rating.score, Rating.channel, func.count())
        .where(Rating.answered_at >= since, Rating.score.in_(closed.SCORES))
        .group_by(Rating.score, Rating.channel)
    )
    counts: Counter[tuple[str, ...]] = Counter()
    for score, channel, count in rows:
        counts[(str(score), closed.channel_of(channel))] += count
    return _gauge("passage_ratings_day", "Ratings in 24 hours.", ("score", "channel"), counts)


def _alerts(session: Any, since: Any) -> GaugeMetricFamily:
    """Nobody is named: who it was stands on the supervisors' board."""
    rows = session.execute(
        select(Alert.kind, func.count()).where(Alert.began_at >= since).group_by(Alert.kind)
    )
    counts: Counter[tuple[str, ...]] = Counter({(one,): 0 for one in closed.ALERTS})
    for kind, count in rows:
        counts[(closed.closed(kind, closed.ALERTS),)] += count
    return _gauge("passage_alerts_day", "Alerts to supervisors in 24 hours.", ("kind",), counts)


def _where(language: str, channel: str) -> tuple[str, str]:
    return closed.language_of(language), closed.channel_of(channel)


def _gauge(name: str, says: str, labels: tuple[str, ...], values: Any) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=labels)
    for key, value in sorted(values.items()):
        family.add_metric(key, value)
    return family
