"""The desk's door: login, password and code together, and one answer to whatever is wrong.

Five wrong tries close it for this login for 15 minutes. A code works once: its time step is kept,
and only a later one opens the door again (RFC 6238, 5.2).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import case, or_, select, update

from bot.agents.passwords import matching_step, password_is
from bot.agents.roles import ROLES
from bot.agents.sessions import open_agent_session
from bot.audit import record
from bot.clock import now
from bot.store import Agent

TRIES = 5
CLOSED = timedelta(minutes=15)
# What nobody's password is longer than: argon2 reads all of it.
LONGEST = 200


def sign_in(
    session: Any, login: str, password: str, code: str, roles: Collection[str] = ROLES
) -> str | None:
    """The token of a new session; None when anything is wrong, which is counted: the caller
    commits either way. Whoever has none of `roles` is nobody here."""
    agent = session.scalar(
        select(Agent).where(
            Agent.login == tidy(login), Agent.ended_at.is_(None), Agent.role.in_(roles)
        )
    )
    right = password_is(agent.password_hash if agent else None, password[:LONGEST])
    if agent is None:
        return None
    if not _spend_try(session, agent.id):
        return None
    step = matching_step(agent.totp_secret, code, now()) if agent.totp_secret else None
    if not right or step is None or not _take_step(session, agent.id, step):
        record(session, "desk_refused", agent=agent.login[:40])
        return None
    record(session, "desk_signed_in", agent=agent.login[:40])
    return open_agent_session(session, agent.id)


def tidy(login: str) -> str:
    return login.strip().lower()[:120]


def _spend_try(session: Any, agent_id: int) -> bool:
    """Count a try before its outcome is used, so that parallel ones cannot slip through; False when
    the door is closed."""
    moment = now()
    last = Agent.tries >= TRIES - 1
    counted = session.execute(
        update(Agent)
        .where(Agent.id == agent_id)
        .where(or_(Agent.locked_until.is_(None), Agent.locked_until <= moment))
        .values(
            tries=case((last, 0), else_=Agent.tries + 1),
            locked_until=case((last, moment + CLOSED), else_=None),
        )
        .execution_options(synchronize_session=False)
    )
    return bool(counted.rowcount == 1)


def _take_step(session: Any, agent_id: int, step: int) -> bool:
    """Use a code, once, and forget the wrong tries before it."""
    taken = session.execute(
        update(Agent)
        .where(Agent.id == agent_id)
        .where(or_(Agent.totp_step.is_(None), Agent.totp_step < step))
        .values(totp_step=step, tries=0, locked_until=None)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount == 1)
