"""What requests name, looked up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.store import Agent
from connectors.problems import Problem


def number(text: str) -> int:
    """A row's number in an address.

    Raises:
        Problem: 404 for what is no number in any of our databases.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Problem(404, "errors.not_found")
    return int(text)


def agent_named(session: Any, login: str) -> Agent:
    """The agent who works here under this login.

    Raises:
        Problem: 422.
    """
    agent = session.scalar(select(Agent).where(Agent.login == login, Agent.ended_at.is_(None)))
    if agent is None:
        raise Problem(422, "errors.bad_request")
    return agent
