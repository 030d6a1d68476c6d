"""Sessions of the desk: 15 idle minutes, 8 hours at most (knowledge: security, T27).

Only what an agent does keeps a session: streams and looks that the page makes by itself do not.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.agents.roles import may
from bot.clock import now
from bot.store import Agent, AgentSession

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
# So that a busy agent costs no write a second.
TOUCH_AFTER = timedelta(seconds=20)


@dataclass(frozen=True)
class AgentView:
    """An agent who is signed in; `login` is who the audit trail names. `until` is when the session
    ends by itself; it is known of an agent who was found by a token."""

    id: int
    login: str
    name: str
    role: str
    language: str
    languages: tuple[str, ...]
    until: datetime | None = None

    def may(self, right: str) -> bool:
        return may(self.role, right)

    @property
    def actor(self) -> str:
        """As the audit trail has it (AuditEntry.agent)."""
        return self.login[:40]

    @property
    def seconds_left(self) -> int:
        """Until the session ends by itself."""
        return max(0, int((self.until - now()).total_seconds())) if self.until else 0


def open_agent_session(session: Any, agent_id: int) -> str:
    """A new session; its token is known to the browser only."""
    token, moment = secrets.token_urlsafe(32), now()
    session.add(
        AgentSession(
            token_hash=_hash(token),
            agent_id=agent_id,
            created_at=moment,
            proven_at=moment,
            seen_at=moment,
        )
    )
    session.flush()
    return token


def find_agents(session: Any, tokens: Collection[str]) -> dict[str, AgentView]:
    """Who stands behind each token that is live."""
    by_hash = {_hash(token): token for token in tokens}
    # Not the whole agent: a look need not unseal what opens the door.
    rows = session.execute(
        select(AgentSession.token_hash, AgentSession.seen_at, AgentSession.created_at, *_SHOWN)
        .join(Agent, Agent.id == AgentSession.agent_id)
        .where(AgentSession.token_hash.in_(by_hash), *_live(now()))
    )
    return {by_hash[bytes(row.token_hash)]: _signed_in(row) for row in rows}


def find_agent(session: Any, token: str) -> AgentView | None:
    return find_agents(session, [token]).get(token) if token else None


_SHOWN = (
    Agent.id, Agent.login, Agent.name, Agent.role, Agent.language, Agent.speaks_en, Agent.speaks_fr,
)  # fmt: skip


def _signed_in(row: Any) -> AgentView:
    return replace(view_of(row), until=min(row.seen_at + IDLE, row.created_at + LONGEST))


def view_of(agent: Any) -> AgentView:
    """Of an agent, or of a row of _SHOWN."""
    spoken = (("en", agent.speaks_en), ("fr", agent.speaks_fr))
    languages = tuple(one for one, speaks in spoken if speaks)
    return AgentView(agent.id, agent.login, agent.name, agent.role, agent.language, languages)


def needs_touch(session: Any, token: str) -> bool:
    """Asked first, so that only few looks write."""
    row = session.get(AgentSession, _hash(token))
    return row is not None and bool(row.seen_at <= now() - TOUCH_AFTER)


def touch(session: Any, token: str) -> None:
    """The agent did something."""
    moment = now()
    session.execute(
        update(AgentSession)
        .where(AgentSession.token_hash == _hash(token))
        .where(AgentSession.seen_at <= moment - TOUCH_AFTER, AgentSession.ended_at.is_(None))
        .values(seen_at=moment)
        .execution_options(synchronize_session=False)
    )


def end(session: Any, token: str) -> None:
    _end(session, AgentSession.token_hash == _hash(token))


def end_all_of(session: Any, agent_id: int) -> None:
    _end(session, AgentSession.agent_id == agent_id)


def _end(session: Any, condition: Any) -> None:
    session.execute(
        update(AgentSession)
        .where(condition, AgentSession.ended_at.is_(None))
        .values(ended_at=now())
        .execution_options(synchronize_session=False)
    )


def _live(moment: datetime) -> tuple[Any, ...]:
    return (
        AgentSession.ended_at.is_(None),
        AgentSession.proven_at.is_not(None),
        AgentSession.seen_at > moment - IDLE,
        AgentSession.created_at > moment - LONGEST,
        Agent.ended_at.is_(None),
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
