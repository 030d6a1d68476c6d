"""Agents and people who wait, put straight into the database."""

from __future__ import annotations

from typing import Any

from bot import handoff
from bot.agents.sessions import view_of
from bot.chat.conversations import lines_after, open_conversation
from bot.clock import now
from bot.desk.listing import Queues
from bot.store import Agent, Database, Handoff


def add_agent(session: Any, name: str, languages: str = "en fr", role: str = "agent") -> Agent:
    agent = Agent(
        login=name.lower(),
        name=name,
        role=role,
        speaks_en="en" in languages,
        speaks_fr="fr" in languages,
        language=languages.split()[0],
        created_at=now(),
    )
    session.add(agent)
    session.flush()
    return agent


def add_waiting(session: Any, language: str = "en", channel: str = "web", **asked: Any) -> Handoff:
    """A conversation in which a person was asked for."""
    here = open_conversation(session, channel, language)
    return handoff.request(session, here, asked.pop("reason", "asked"), **asked)


def offered(session: Any, agent: Agent, view: str = "waiting") -> list[int]:
    """The ids of the hand-offs that the desk shows the agent, in its order."""
    rows = Queues().listed(session, view_of(agent), view, "en")["rows"]
    return [row["id"] for row in rows]


def spoken(database: Database, conversation_id: str) -> list[tuple[str, str]]:
    """(author, text) of every line."""
    with database.read() as session:
        lines = lines_after(session, conversation_id, 0)
    return [(line.author, line.body["text"]) for line in lines]


def fresh(session: Any, waiting: Handoff) -> Handoff:
    """The row as it stands now."""
    found: Handoff = session.get(Handoff, waiting.id, populate_existing=True)
    return found
