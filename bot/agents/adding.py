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
# OpenID Connect Core 1.0, 2: a subject is not longer.
LONGEST_SUBJECT = 255


class AgentRefused(Exception):
    """The agent cannot be added, linked or ended; `reason` is login | name | role | languages |
    taken | unknown | subject | subject_taken."""

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


@dataclass(frozen=True)
class Account:
    """An agent's account with the organisation's provider: what it calls them."""

    issuer: str
    subject: str


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
    agent = _new(session, login, name, role, languages)
    password, secret = password or new_password(), secret or new_secret()
    agent.password_hash, agent.totp_secret = hash_password(password), secret
    session.add(agent)
    session.flush()
    record(session, "agent_added", agent=by[:40], login=agent.login, role=role)
    return NewAgent(agent.login, password, secret, setup_address(secret, agent.login))


def add_provided_agent(
    session: Any,
    login: str,
    name: str,
    *,
    role: str,
    languages: tuple[str, ...],
    by: str,
    account: Account,
) -> str:
    """A new agent whom the provider signs in, without a password; their login as it was stored.

    Raises:
        AgentRefused
    """
    agent = _new(session, login, name, role, languages)
    _link(session, agent, account)
    session.add(agent)
    session.flush()
    record(session, "agent_added", agent=by[:40], login=agent.login, role=role, by="oidc")
    return str(agent.login)


def link_agent(session: Any, login: str, account: Account, by: str) -> None:
    """From now on the provider signs this agent in, and their password no longer does.

    Raises:
        AgentRefused: unknown, or what the provider calls them is no name or another's.
    """
    agent = _working(session, login)
    _link(session, agent, account)
    agent.password_hash = agent.totp_secret = None
    end_all_of(session, agent.id)
    record(session, "agent_linked", agent=by[:40], login=agent.login)


def end_agent(session: Any, login: str, by: str) -> None:
    """They sign in no more, and what they are signed in with ends at once.

    Raises:
        AgentRefused: unknown, or ended before.
    """
    agent = _working(session, login)
    session.execute(update(Agent).where(Agent.id == agent.id).values(ended_at=now()))
    end_all_of(session, agent.id)
    record(session, "agent_ended", agent=by[:40], login=agent.login)


def all_agents(session: Any) -> list[Agent]:
    return list(session.scalars(select(Agent).order_by(Agent.ended_at.is_not(None), Agent.login)))


def _new(session: Any, login: str, name: str, role: str, languages: tuple[str, ...]) -> Agent:
    """Not yet added.

    Raises:
        AgentRefused
    """
    login, name = tidy(login), " ".join(name.split())
    _check(session, login, name, role, languages)
    return Agent(
        login=login,
        name=name,
        role=role,
        speaks_en="en" in languages,
        speaks_fr="fr" in languages,
        language=languages[0],
        created_at=now(),
    )


def _working(session: Any, login: str) -> Agent:
    agent = session.scalar(
        select(Agent).where(Agent.login == tidy(login), Agent.ended_at.is_(None))
    )
    if agent is None:
        raise AgentRefused("unknown")
    return agent


def _link(session: Any, agent: Agent, account: Account) -> None:
    if not 0 < len(account.subject) <= LONGEST_SUBJECT:
        raise AgentRefused("subject")
    same = Agent.oidc_subject == account.subject
    working = select(Agent.id).where(same, Agent.id != agent.id, Agent.ended_at.is_(None))
    if session.scalar(working) is not None:
        raise AgentRefused("subject_taken")
    # Somebody who left and comes back: their account opens the new row only.
    left = update(Agent).where(same, Agent.ended_at.is_not(None)).values(oidc_subject=None)
    session.execute(left.execution_options(synchronize_session=False))
    agent.oidc_issuer, agent.oidc_subject = account.issuer, account.subject


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
