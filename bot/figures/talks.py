"""Conversations of a period, each as how it ended and what it was about.

The database puts the turns of each together: of hundreds of thousands of turns only the tens of
thousands of conversations are read.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from bot.figures.closed import channel_of, language_of, subject_of
from bot.figures.rules import rules
from bot.handoff.asking import NO_TOPIC
from bot.store import Handoff, Rating, TurnFigure
from bot.store.joining import joined

SOLVED, AGENT, UNSOLVED = "solved", "agent", "unsolved"
ENDS = (SOLVED, AGENT, UNSOLVED)


class Talk(NamedTuple):
    """`end` is one of ENDS: solved by the assistant alone; an agent was asked for, whether or not
    one answered; neither. `subjects` are the intents that it was about."""

    end: str
    language: str
    channel: str
    subjects: frozenset[str]
    last_at: datetime


def talks(session: Any, since: datetime, until: datetime) -> list[Talk]:
    """The conversations with a turn of the assistant or a hand-off between `since` and `until` that
    are over by then. Those of nothing but greetings are none."""
    during = and_(TurnFigure.at >= since, TurnFigure.at < until)
    asked = _asked(since, until)
    over = until - rules().over_after
    queries = _with_turns(during, asked, over), _without_turns(during, asked, over)
    subjects = lru_cache(maxsize=None)(_subjects)
    # Of tens of thousands of rows none is made an object of the session.
    execute = session.connection().execute
    return [
        Talk(end, language_of(language), channel_of(channel), subjects(about), at)
        for query in queries
        for end, language, channel, at, about in execute(query).all()
    ]


def _asked(since: datetime, until: datetime) -> Any:
    """For each conversation in which a person was asked for: the first time, and the first that
    was about something."""
    return (
        select(
            Handoff.conversation_id,
            func.min(Handoff.id).label("first"),
            func.min(case((Handoff.topic.is_not(None), Handoff.id))).label("about"),
        )
        .where(Handoff.asked_at >= since, Handoff.asked_at < until)
        .group_by(Handoff.conversation_id)
        .cte("asked")
    )


def _turns(during: Any) -> Any:
    """For each conversation: its last turn, and what can be said of all its turns."""
    about = case(
        (and_(TurnFigure.understood, TurnFigure.intent.not_in(NO_TOPIC)), TurnFigure.intent)
    )
    return (
        select(
            TurnFigure.conversation_id,
            func.max(TurnFigure.id).label("last"),
            func.max(case((TurnFigure.handed_off, 1), else_=0)).label("handed_off"),
            func.max(case((TurnFigure.understood, 0), else_=1)).label("lost"),
            joined(about).label("about"),
        )
        .where(during, TurnFigure.conversation_id.is_not(None))
        .group_by(TurnFigure.conversation_id)
        .cte("turns")
    )


def _with_turns(during: Any, asked: Any, over: datetime) -> Any:
    found, last, topic = _turns(during), aliased(TurnFigure), aliased(Handoff)
    turns = found.c
    agent = or_(turns.handed_off == 1, asked.c.first.is_not(None))
    solved = and_(
        turns.about.is_not(None), last.understood, turns.conversation_id.not_in(_badly_rated())
    )
    return (
        select(
            case((agent, AGENT), (solved, SOLVED), else_=UNSOLVED).label("end"),
            last.language,
            last.channel,
            last.at,
            func.coalesce(turns.about, topic.topic).label("about"),
        )
        .select_from(found)
        .join(last, last.id == turns.last)
        .outerjoin(asked, asked.c.conversation_id == turns.conversation_id)
        .outerjoin(topic, topic.id == asked.c.about)
        .where(last.at <= over, or_(turns.about.is_not(None), turns.lost == 1, agent))
    )


def _without_turns(during: Any, asked: Any, over: datetime) -> Any:
    """Of whose conversation nothing but the asking lies in the period."""
    first, topic = aliased(Handoff), aliased(Handoff)
    said = select(TurnFigure.id).where(
        during, TurnFigure.conversation_id == asked.c.conversation_id
    )
    return (
        select(
            literal(AGENT).label("end"),
            first.language,
            first.channel,
            first.asked_at.label("at"),
            topic.topic.label("about"),
        )
        .select_from(asked)
        .join(first, first.id == asked.c.first)
        .outerjoin(topic, topic.id == asked.c.about)
        .where(first.asked_at <= over, ~said.exists())
    )


def _badly_rated() -> Any:
    return select(Rating.conversation_id).where(
        Rating.handoff_id.is_(None), Rating.score <= rules().bad_rating
    )


def _subjects(about: str | None) -> frozenset[str]:
    return frozenset(subject_of(each) for each in about.split(",")) if about else frozenset()
