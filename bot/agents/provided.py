"""Agents whom their organisation's provider signs in. Nobody becomes an agent by that: who may come
in, and in which role, stands in our own table (`python -m bot agents add --oidc`)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.agents.sessions import open_agent_session
from bot.audit import record
from bot.store import Agent


def enter_as(session: Any, issuer: str, subject: str) -> str | None:
    """The token of a new session for the agent of this subject; None, and a row in the trail, when
    it is nobody's, or somebody's who left."""
    agent = session.scalar(
        select(Agent).where(Agent.oidc_issuer == issuer, Agent.oidc_subject == subject)
    )
    if agent is None:
        refuse(session, "unknown")
        return None
    if agent.ended_at is not None:
        refuse(session, "ended", agent.login)
        return None
    record(session, "desk_signed_in", agent=agent.login[:40], by="oidc")
    return open_agent_session(session, agent.id)


def refuse(session: Any, reason: str, login: str | None = None) -> None:
    """That somebody whom the provider sent was not let in: why, and who where that is known."""
    record(session, "desk_refused", agent=login[:40] if login else None, by="oidc", why=reason)


def is_provided(session: Any, agent_id: int) -> bool:
    """Whether this agent signs in with the provider."""
    return session.scalar(select(Agent.oidc_subject).where(Agent.id == agent_id)) is not None
