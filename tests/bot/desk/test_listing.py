"""The queue that the desk keeps is the one in the database, whatever happened since it was read."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import update

from bot import handoff
from bot.agents.sessions import view_of
from bot.desk.listing import Queues
from bot.handoff import VIEWS
from bot.store import Agent, Database, Handoff
from tests.bot.handoff.desk import add_agent, add_waiting


def shown(queues: Queues, session: Any, agents: list[Agent]) -> list[Any]:
    """What each agent sees of each view, but not when."""
    looks = [
        queues.listed(session, view_of(agent), view, "fr") for agent in agents for view in VIEWS
    ]
    return [(look["rows"], look["counts"]) for look in looks]


def act(session: Any, dice: random.Random, agents: list[Agent], waiting: list[Handoff]) -> None:
    agent, one = dice.choice(agents), dice.choice(waiting)
    to = dice.choice([None, *agents])
    kind = dice.random()
    if kind < 0.4:
        handoff.claim(session, one.id, agent)
    elif kind < 0.6:
        handoff.reassign(session, one.id, agents[0], to)
    elif kind < 0.7:
        handoff.request(session, one.conversation_id, "asked", urgent=True)
    elif kind < 0.8:
        waiting.append(add_waiting(session, dice.choice(("en", "fr"))))
    elif one.state == "active":
        holder = session.get(Agent, one.agent_id)
        handoff.close(session, one.conversation_id, holder, "solved")


def test_what_is_kept_and_brought_up_to_date_is_what_a_new_reading_gives(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.listing.FRESH", 0)
    dice, kept = random.Random(11), Queues()
    with database.write() as session:
        agents = [
            add_agent(session, "Sol", "en fr", "supervisor"),
            add_agent(session, "Anne", "en"),
            add_agent(session, "Basile", "fr en"),
        ]
        waiting = [add_waiting(session, dice.choice(("en", "fr"))) for _ in range(12)]
        for _ in range(60):
            act(session, dice, agents, waiting)
            assert shown(kept, session, agents) == shown(Queues(), session, agents)
        assert kept.next_waiting(session, view_of(agents[2])) == Queues().next_waiting(
            session, view_of(agents[2])
        )


def test_within_a_moment_only_what_this_process_changed_is_asked_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.listing.FRESH", 3_600)
    queues = Queues()
    with database.write() as session:
        add_waiting(session)
        mark = queues.mark(session)
        session.execute(update(Handoff).values(version=Handoff.version + 1))
        assert queues.mark(session) == mark, "somebody else did that"
        queues.forget()
        assert queues.mark(session) != mark
