"""Conversations of a period, each as how it ended and what it was about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.figures.closed import channel_of, language_of, subject_of
from bot.figures.rules import rules
from bot.handoff.asking import NO_TOPIC
from bot.store import Handoff, Rating, TurnFigure

SOLVED, AGENT, UNSOLVED = "solved", "agent", "unsolved"
ENDS = (SOLVED, AGENT, UNSOLVED)


@dataclass(frozen=True)
class Talk:
    """`end` is one of ENDS: solved by the assistant alone; an agent was asked for, whether or not
    one answered; neither. `subjects` are the intents that it was about."""

    end: str
    language: str
    channel: str
    subjects: frozenset[str]
    last_at: datetime


@dataclass
class _Seen:
    """What the turns of one conversation say, while they are put together."""

    last: tuple[int, datetime, str, str, bool]
    asked_agent: bool = False
    subjects: set[str] = field(default_factory=set)
    lost: bool = False


def talks(session: Any, since: datetime, until: datetime) -> list[Talk]:
    """The conversations with a turn of the assistant or a hand-off between `since` and `until` that
    are over by then. Those of nothing but greetings are none."""
    seen: dict[str, _Seen] = {}
    for row in _turns(session, since, until):
        _add_turn(seen, row)
    for row in _asked(session, since, until):
        _add_handoff(seen, row)
    bad = set(_badly_rated(session))
    over = until - rules().over_after
    return [
        _talk(one, here in bad)
        for here, one in seen.items()
        if one.last[1] <= over and (one.subjects or one.lost or one.asked_agent)
    ]


def _turns(session: Any, since: datetime, until: datetime) -> Iterable[Any]:
    """One row for each conversation and kind of turn: far fewer than turns."""
    kind = (
        TurnFigure.conversation_id, TurnFigure.language, TurnFigure.channel, TurnFigure.intent,
        TurnFigure.understood, TurnFigure.handed_off,
    )  # fmt: skip
    rows: Iterable[Any] = session.execute(
        select(*kind, func.max(TurnFigure.id).label("id"), func.max(TurnFigure.at).label("at"))
        .where(TurnFigure.at >= since, TurnFigure.at < until)
        .where(TurnFigure.conversation_id.is_not(None))
        .group_by(*kind)
    )
    return rows


def _add_turn(seen: dict[str, _Seen], row: Any) -> None:
    last = (row.id, row.at, row.language, row.channel, row.understood)
    one = seen.setdefault(row.conversation_id, _Seen(last))
    one.last = max(one.last, last)
    one.asked_agent |= row.handed_off
    one.lost |= not row.understood
    if row.understood and row.intent not in NO_TOPIC:
        one.subjects.add(subject_of(row.intent))


def _asked(session: Any, since: datetime, until: datetime) -> Iterable[Any]:
    rows: Iterable[Any] = session.execute(
        select(
            Handoff.conversation_id, Handoff.language, Handoff.channel, Handoff.topic,
            Handoff.asked_at,
        ).where(Handoff.asked_at >= since, Handoff.asked_at < until)
    )  # fmt: skip
    return rows


def _add_handoff(seen: dict[str, _Seen], row: Any) -> None:
    last = (0, row.asked_at, row.language, row.channel, True)
    one = seen.setdefault(row.conversation_id, _Seen(last))
    one.asked_agent = True
    if row.topic is not None and not one.subjects:
        one.subjects.add(subject_of(row.topic))


def _badly_rated(session: Any) -> Iterable[str]:
    rows: Iterable[str] = session.scalars(
        select(Rating.conversation_id).where(
            Rating.handoff_id.is_(None), Rating.score <= rules().bad_rating
        )
    )
    return rows


def _talk(one: _Seen, bad: bool) -> Talk:
    _, at, language, channel, understood = one.last
    if one.asked_agent:
        end = AGENT
    else:
        end = SOLVED if one.subjects and understood and not bad else UNSOLVED
    return Talk(end, language_of(language), channel_of(channel), frozenset(one.subjects), at)
