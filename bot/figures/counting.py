"""The figures of a period, as numbers and closed words only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta, timezone
from math import ceil
from typing import Any, TypeVar

from sqlalchemy import func, select

from bot.clock import now
from bot.figures.closed import OTHER, SCORES, channel_of, language_of, reason_of
from bot.figures.records import ALL, Figures, Satisfaction, Share, Times, Understood
from bot.figures.rules import rules
from bot.figures.talks import AGENT, SOLVED, UNSOLVED, Talk, talks
from bot.handoff import hours
from bot.handoff.rules import rules as desk_rules
from bot.store import Handoff, Rating, TurnFigure

T = TypeVar("T")


def figures(session: Any, days: int) -> Figures:
    """The figures of the last `days` (of PERIODS), today among them."""
    until = now()
    zone = desk_rules().zone
    last = until.astimezone(zone).date()
    first = last - timedelta(days=days - 1)
    since = datetime.combine(first, time(), zone).astimezone(timezone.utc)
    found = talks(session, since, until)
    whole = _share(ALL, Counter(talk.end for talk in found))
    asked = _handoffs(session, since, until)
    return Figures(
        since=first,
        until=last,
        whole=whole,
        calls=_calls(whole.solved),
        subjects=_by_subject(found),
        languages=_by(found, lambda talk: talk.language),
        channels=_by(found, lambda talk: talk.channel),
        days=_by_day(found, first, last),
        reasons=dict(Counter(reason_of(row.reason) for row in asked).most_common()),
        handoffs=len(asked),
        broken=sum(row.broken_at is not None for row in asked),
        waiting=_times(asked, _waited),
        handling=_times(asked, _handled),
        understood=_understood(session, since, until),
        satisfaction=_satisfaction(session, since, until),
    )


def _share(of: str, ends: Counter[str]) -> Share:
    return Share(of, ends.total(), ends[SOLVED], ends[AGENT], ends[UNSOLVED])


def _calls(solved: int) -> tuple[int, int, int]:
    low, usual, high = (solved * part // 100 for part in rules().would_have_called)
    return low, usual, high


def _ends(found: Iterable[tuple[T, str]]) -> dict[T, Counter[str]]:
    """How those of each group ended, of pairs of a group and an end."""
    groups: dict[T, Counter[str]] = {}
    for (group, end), count in Counter(found).items():
        groups.setdefault(group, Counter())[end] = count
    return groups


def _by(found: list[Talk], key: Callable[[Talk], str]) -> list[Share]:
    groups = _ends((key(talk), talk.end) for talk in found)
    return [_share(group, groups[group]) for group in sorted(groups)]


def _by_subject(found: list[Talk]) -> list[Share]:
    """A conversation about two subjects counts for both. Few conversations about a subject go to
    `other`."""
    groups = _ends((subject, talk.end) for talk in found for subject in talk.subjects)
    often = sorted(groups, key=lambda subject: (-groups[subject].total(), subject))
    named = [
        subject for subject in often if subject != OTHER and groups[subject].total() >= rules().few
    ][: rules().subjects]
    shares = [_share(one, groups[one]) for one in named]
    rest = Counter(talk.end for talk in found if not talk.subjects.issubset(named))
    return [*shares, _share(OTHER, rest)] if rest else shares


def _by_day(found: list[Talk], first: date, last: date) -> list[Share]:
    zone = desk_rules().zone
    of = _ends((talk.last_at.astimezone(zone).date(), talk.end) for talk in found)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [_share(day.isoformat(), of.get(day, Counter())) for day in days]


def _handoffs(session: Any, since: datetime, until: datetime) -> list[Any]:
    return list(
        session.execute(
            select(
                Handoff.language, Handoff.reason, Handoff.asked_at, Handoff.claimed_at,
                Handoff.ended_at, Handoff.broken_at,
            ).where(Handoff.asked_at >= since, Handoff.asked_at < until)
        )
    )  # fmt: skip


def _waited(row: Any) -> timedelta | None:
    """From asking, or from the opening when the desk was closed, until an agent took it."""
    return row.claimed_at and row.claimed_at - min(row.claimed_at, hours.next_opening(row.asked_at))


def _handled(row: Any) -> timedelta | None:
    return row.claimed_at and row.ended_at and row.ended_at - row.claimed_at


def _times(rows: list[Any], measure: Callable[[Any], timedelta | None]) -> list[Times]:
    found: dict[str, list[float]] = {}
    for row in rows:
        took = measure(row)
        if took is not None:
            for group in (ALL, language_of(row.language)):
                found.setdefault(group, []).append(took.total_seconds())
    return [_time(group, sorted(found[group])) for group in sorted(found)]


def _time(group: str, seconds: list[float]) -> Times:
    def at(part: float) -> float:
        return seconds[max(0, ceil(part * len(seconds)) - 1)]

    return Times(group, len(seconds), at(0.5), at(0.9))


def _understood(session: Any, since: datetime, until: datetime) -> list[Understood]:
    rows = session.execute(
        select(TurnFigure.language, TurnFigure.channel, TurnFigure.understood, func.count())
        .where(TurnFigure.at >= since, TurnFigure.at < until)
        .group_by(TurnFigure.language, TurnFigure.channel, TurnFigure.understood)
    )
    total: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for language, channel, understood, count in rows:
        for group in (ALL, f"{language_of(language)}.{channel_of(channel)}"):
            total[group] += count
            lost[group] += 0 if understood else count
    return [Understood(group, total[group], lost[group]) for group in sorted(total)]


def _satisfaction(session: Any, since: datetime, until: datetime) -> list[Satisfaction]:
    alone = Rating.handoff_id.is_(None)
    rows = session.execute(
        select(alone, Rating.channel, Rating.score, func.count())
        .where(Rating.asked_at >= since, Rating.asked_at < until)
        .group_by(alone, Rating.channel, Rating.score)
    )
    asked: Counter[str] = Counter()
    scores: dict[str, Counter[int]] = {}
    for no_agent, channel, score, count in rows:
        by = "assistant" if no_agent else "person"
        for group in (ALL, f"{by}.{channel_of(channel)}"):
            asked[group] += count
            if score in SCORES:
                scores.setdefault(group, Counter())[score] += count
    return [Satisfaction(one, asked[one], dict(scores.get(one, {}))) for one in sorted(asked)]
