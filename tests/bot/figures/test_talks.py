"""What the database puts together of a conversation is what a plain loop over its rows says."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.figures.closed import channel_of, language_of, subject_of, subjects
from bot.figures.rules import rules
from bot.figures.talks import AGENT, SOLVED, UNSOLVED, Talk, talks
from bot.handoff import REASONS
from bot.handoff.asking import NO_TOPIC
from bot.store import Database, Handoff, Rating, TurnFigure

DAYS = timedelta(days=3)
SUBJECTS = sorted(subjects())[:5]
INTENTS = [*SUBJECTS, *sorted(NO_TOPIC)[:5], "nlu_fallback", "no_intent_of_ours"]


def test_conversations_are_counted_as_their_rows_say(database: Database) -> None:
    dice, until = random.Random(5), now()
    with database.write() as session:
        for _ in range(250):
            _converse(session, dice, until - 2 * DAYS * dice.random())
    since = until - DAYS
    with database.read() as session:
        found, wanted = talks(session, since, until), _by_rows(session, since, until)
    assert Counter(found) == Counter(wanted)
    assert {talk.end for talk in found} == {AGENT, SOLVED, UNSOLVED}
    assert len({talk.subjects for talk in found}) > 10


def _converse(session: Any, dice: random.Random, at: datetime) -> None:
    """Turns, hand-offs and ratings of one conversation, some of none, some of a removed one."""
    here = open_conversation(session, "web", "en")
    where = {"language": dice.choice(["en", "fr", "de"]), "channel": dice.choice(["web", "sms"])}
    for _ in range(dice.randrange(6)):
        at += timedelta(minutes=20) * dice.random()
        session.add(_turn(dice, here if dice.random() < 0.95 else None, at, where))
        session.flush()
    for _ in range(dice.choice([0, 0, 0, 1, 2])):
        at += timedelta(hours=20) * dice.random()
        session.add(_handoff(dice, here, at, where))
        session.flush()
    if dice.random() < 0.3:
        scores = {"score": dice.choice([None, 1, 2, 3, 5]), "asked_at": at}
        session.add(Rating(conversation_id=here, language="en", channel="web", **scores))


def _turn(dice: random.Random, here: str | None, at: datetime, where: dict[str, str]) -> TurnFigure:
    intent = dice.choice(INTENTS)
    understood = intent != "nlu_fallback" and dice.random() < 0.9
    handed = dice.random() < 0.05
    return TurnFigure(
        conversation_id=here,
        at=at,
        intent=intent,
        understood=understood,
        handed_off=handed,
        **where,
    )


def _handoff(dice: random.Random, here: str, at: datetime, where: dict[str, str]) -> Handoff:
    return Handoff(
        conversation_id=here,
        state="closed",
        reason=dice.choice(REASONS),
        topic=dice.choice([None, *SUBJECTS, "no_intent_of_ours"]),
        tried=[],
        asked_at=at,
        **where,
    )


def _by_rows(session: Any, since: datetime, until: datetime) -> list[Talk]:
    """The same by reading every row."""
    turns: dict[str, list[TurnFigure]] = {}
    asked: dict[str, list[Handoff]] = {}
    during = TurnFigure.at >= since, TurnFigure.at < until
    for turn in session.scalars(select(TurnFigure).where(*during).order_by(TurnFigure.id)):
        if turn.conversation_id is not None:
            turns.setdefault(turn.conversation_id, []).append(turn)
    during = Handoff.asked_at >= since, Handoff.asked_at < until
    for one in session.scalars(select(Handoff).where(*during).order_by(Handoff.id)):
        asked.setdefault(one.conversation_id, []).append(one)
    bad = {
        rating.conversation_id
        for rating in session.scalars(select(Rating).where(Rating.handoff_id.is_(None)))
        if rating.score is not None and rating.score <= rules().bad_rating
    }
    found = [
        _talk(turns.get(here, []), asked.get(here, []), here in bad, until)
        for here in turns.keys() | asked.keys()
    ]
    return [talk for talk in found if talk is not None]


def _talk(turns: list[TurnFigure], asked: list[Handoff], bad: bool, until: datetime) -> Talk | None:
    about = {turn.intent for turn in turns if turn.understood} - NO_TOPIC
    topics = [one.topic for one in asked if one.topic is not None]
    if not about and topics:
        about = {topics[0]}
    agent = bool(asked) or any(turn.handed_off for turn in turns)
    lost = any(not turn.understood for turn in turns)
    last = turns[-1] if turns else asked[0]
    at = turns[-1].at if turns else asked[0].asked_at
    if at > until - rules().over_after or not (about or lost or agent):
        return None
    solved = not agent and about and turns[-1].understood and not bad
    end = AGENT if agent else SOLVED if solved else UNSOLVED
    named = frozenset(subject_of(one) for one in about)
    return Talk(end, language_of(last.language), channel_of(last.channel), named, at)
