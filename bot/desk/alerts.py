"""Who opens unusually many conversations and files within an hour is put before the supervisors
(knowledge: security, T27). The audit trail counts; here stands only that somebody should look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import distinct, func, select, update

from bot.agents.sessions import AgentView
from bot.audit import record
from bot.clock import now
from bot.handoff.rules import rules
from bot.store import Agent, Alert, AuditEntry

WINDOW = timedelta(hours=1)
# For how long one that nobody has looked into stays before the supervisors.
SHOWN = timedelta(days=7)
KIND = "many_files"
# The acts that show what a conversation holds, or the file behind it.
OPENING = ("desk.conversation_shown", "desk.file_shown", "desk.quality_shown")


class OwnAlert(Exception):
    """Nobody looks into what they did themselves."""


@dataclass(frozen=True)
class AlertView:
    """`count` conversations and files were opened within an hour, the last counted at `at`."""

    id: int
    agent: str
    count: int
    at: datetime
    own: bool


def show(session: Any, act: str, me: AgentView, conversation_id: str, **more: Any) -> None:
    """Write down that `me` was shown something of a conversation, in the caller's transaction;
    more of them in an hour than usual are an alert. `act` is one of OPENING; `more` is for
    `record`."""
    record(session, act, conversation_id=conversation_id, agent=me.actor, **more)
    count = _opened(session, me)
    if count > rules().files_an_hour:
        _raise(session, me, count)


def alerts(session: Any, me: AgentView) -> list[AlertView]:
    """Those that nobody has looked into, the newest first."""
    rows = session.execute(
        select(Alert, Agent.name)
        .join(Agent, Agent.id == Alert.agent_id)
        .where(Alert.seen_at.is_(None), Alert.at > now() - SHOWN)
        .order_by(Alert.id.desc())
    )
    return [AlertView(a.id, name, a.count, a.at, a.agent_id == me.id) for a, name in rows]


def looked_into(session: Any, alert_id: int, me: AgentView) -> bool:
    """A supervisor has looked into it; False when there is none, or another did.

    Raises:
        OwnAlert
    """
    alert = session.get(Alert, alert_id)
    if alert is None:
        return False
    if alert.agent_id == me.id:
        raise OwnAlert
    done = session.execute(
        update(Alert)
        .where(Alert.id == alert_id, Alert.seen_at.is_(None))
        .values(seen_at=now(), seen_by=me.id)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount:
        record(session, "desk.alert_seen", agent=me.actor, alert=alert_id)
    return bool(done.rowcount)


def _opened(session: Any, me: AgentView) -> int:
    """How many different conversations, or different files if they are more, the agent was shown in
    the last hour: somebody's representative may have many files in one conversation."""
    counts = session.execute(
        select(
            func.count(distinct(AuditEntry.conversation_id)),
            func.count(distinct(AuditEntry.application_id)),
        ).where(
            AuditEntry.agent == me.actor,
            AuditEntry.at > now() - WINDOW,
            AuditEntry.act.in_(OPENING),
        )
    ).one()
    return max(counts)


def _raise(session: Any, me: AgentView, count: int) -> None:
    """One alert for an hour, however many more are opened in it. Of an agent's openings one waits
    for the other (the head of the trail is locked), so there is never a second."""
    present = session.execute(
        update(Alert)
        .where(Alert.agent_id == me.id, Alert.kind == KIND, Alert.began_at > now() - WINDOW)
        .values(count=count, at=now())
        .execution_options(synchronize_session=False)
    )
    if not present.rowcount:
        moment = now()
        session.add(Alert(agent_id=me.id, kind=KIND, count=count, began_at=moment, at=moment))
        record(session, "desk.alert_raised", agent=me.actor, kind=KIND, count=count)
