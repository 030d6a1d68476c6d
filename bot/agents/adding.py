"""Add, list and end agents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from bot.agents.door import tidy
from bot.agents.passwords import hash_password, new_password, new_secret, setup_address
from bot.agents.roles import ROLES
from bot.agents.sessions import end_all_of
from bot.audit import record
from bot.clock import now
from bot.store import Agent

# As long as the audit trail has room for (AuditEntry.agent).
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,39}")
LONGEST_NAME = 60


class AgentRefused(Exception):
    """The agent cannot be added or ended; `reason` is login | name | role | languages | taken |
    unknown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class NewAgent:
    """What the agent needs to sign in, shown once: `setup` is for their authenticator."""

    login: str
    password: str
    secret: str
    setup: str


def add_agent(
    session: Any,
    login: str,
    name: str,
    *,
    role: str,
    languages: tuple[str, ...],
    by: str,
    password: str | None = None,
    secret: str | None = None,
) -> NewAgent:
    """A new agent, with a password and a secret that are made here unless they are given.

    Raises:
        AgentRefused
    """
    login, name = tidy(login), " ".join(name.split())
    _check(session, login, name, role, languages)
    password, secret = password or new_password(), secret or new_secret()
    session.add(
        Agent(
            login=login,
            name=name,
            role=role,
            speaks_en="en" in languages,
            speaks_fr="fr" in languages,
            language=languages[0],
            password_hash=hash_password(password),
            totp_secret=secret,
            created_at=now(),
        )
    )
    session.flush()
    record(session, "agent_added", agent=by[:40], login=login, role=role)
    return NewAgent(login, password, secret, setup_address(secret, login))


def end_agent(session: Any, login: str, by: str) -> None:
    """They sign in no more, and what they are signed in with ends at once.

    Raises:
        AgentRefused: unknown, or ended before.
    """
    agent = session.scalar(
        select(Agent).where(Agent.login == tidy(login), Agent.ended_at.is_(None))
    )
    if agent is None:
        raise AgentRefused("unknown")
    session.execute(update(Agent).where(Agent.id == agent.id).values(ended_at=now()))
    end_all_of(session, agent.id)
    record(session, "agent_ended", agent=by[:40], login=agent.login)


def all_agents(session: Any) -> list[Agent]:
    return list(session.scalars(select(Agent).order_by(Agent.ended_at.is_not(None), Agent.login)))


def _check(session: Any, login: str, name: str, role: str, languages: tuple[str, ...]) -> None:
    if not _LOGIN.fullmatch(login):
        raise AgentRefused("login")
    if not 0 < len(name) <= LONGEST_NAME:
        raise AgentRefused("name")
    if role not in ROLES:
        raise AgentRefused("role")
    if not languages or set(languages) - {"en", "fr"}:
        raise AgentRefused("languages")
    if session.scalar(select(Agent.id).where(Agent.login == login)) is not None:
        raise AgentRefused("taken")
