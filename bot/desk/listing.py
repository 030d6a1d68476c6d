"""A queue as data for the desk's page.

Two hundred pages look every few seconds. What they all see is read once for each change and kept in
this process; each look asks the database only whether there was a change, and puts what is the
agent's own beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from bot.agents.sessions import AgentView
from bot.clock import now
from bot.desk.words import topic_label
from bot.handoff import VIEWS
from bot.handoff.queueing import Row, row_of
from bot.store import Agent, Handoff
from bot.store.desk import OPEN
from bot.texts import say

# Of a view: nobody reads further.
SHOWN = 60
_COLUMNS = [column for column in Handoff.__table__.columns if column.name != "tried"]


def queue_mark(session: Any) -> str:
    """Changes whenever any open hand-off does: cheap to ask, so that pages may look often."""
    count, newest, versions = session.execute(
        select(func.count(), func.max(Handoff.id), func.sum(Handoff.version)).where(
            Handoff.state.in_(OPEN)
        )
    ).one()
    return f"{count}-{newest or 0}-{versions or 0}"


@dataclass(frozen=True)
class _Open:
    """All open hand-offs at one mark, and who has them."""

    mark: str
    rows: tuple[Row, ...]
    names: dict[int, str]


class Queues:
    """The open hand-offs as of the last change; one for each process."""

    def __init__(self) -> None:
        self._open = _Open("", (), {})
        self._drawn: dict[tuple[int, int, str], dict[str, Any]] = {}

    def listed(self, session: Any, me: AgentView, view: str, language: str) -> dict[str, Any]:
        """The rows of `view` in the words of `language`, and how many each view has.

        Raises:
            ValueError: no such view.
        """
        if view not in VIEWS:
            raise ValueError(view)
        found = self._now(session)
        views = {name: [r for r in found.rows if _is_in(name, r, me)] for name in VIEWS}
        shown = views[view][:SHOWN]
        return {
            "mark": found.mark,
            "rows": [self._row(row, me, found.names, language) for row in shown],
            "counts": {name: len(rows) for name, rows in views.items()},
            "now": now().isoformat(timespec="seconds"),
        }

    def next_waiting(self, session: Any, me: AgentView, limit: int = 20) -> list[int]:
        """The ids of who waits, in the order in which they should be taken: first those who are
        there now, then those who left a message while the desk was closed."""
        rows = [row for row in self._now(session).rows if _is_in("waiting", row, me)]
        here = [row.id for row in rows if row.state == "queued"]
        return (here or [row.id for row in rows])[:limit]

    def everybody(self, session: Any) -> tuple[Row, ...]:
        """All open hand-offs, whoever may take them."""
        return self._now(session).rows

    def drawn(self, session: Any, me: AgentView, language: str) -> list[dict[str, Any]]:
        """The same as a supervisor's board shows them: what is late before what is not."""
        found = self._now(session)
        rows = sorted(found.rows, key=lambda row: (not row.escalated, not row.broken))
        return [self._row(row, me, found.names, language) for row in rows[:SHOWN]]

    def _now(self, session: Any) -> _Open:
        mark = queue_mark(session)
        if mark != self._open.mark:
            rows = tuple(_all_open(session))
            held = {row.agent_id for row in rows if row.agent_id is not None}
            self._open = _Open(mark, rows, _names(session, held))
            self._drawn = {}
        return self._open

    def _row(self, row: Row, me: AgentView, names: dict[int, str], language: str) -> dict[str, Any]:
        key = (row.id, row.version, language)
        if key not in self._drawn:
            self._drawn[key] = _drawn(row, names, language)
        mine = row.state == "active" and row.agent_id == me.id
        can_take = row.state != "active" and row.language in me.languages
        return {**self._drawn[key], "mine": mine, "can_take": can_take}


def _is_in(view: str, row: Row, me: AgentView) -> bool:
    """As bot.handoff.queue has it: what an agent cannot answer in its language, or what is meant
    for another one, is not offered; supervisors see it in `all`."""
    if view == "mine":
        return row.state == "active" and row.agent_id == me.id
    if view == "all" and me.may("supervise"):
        return True
    offered = row.language in me.languages and row.meant_for in (None, me.id)
    return offered and (view == "all" or row.state != "active")


def _all_open(session: Any) -> Iterable[Row]:
    order = (Handoff.urgent.desc(), Handoff.asked_at, Handoff.id)
    rows = session.execute(select(*_COLUMNS).where(Handoff.state.in_(OPEN)).order_by(*order))
    return [row_of(row) for row in rows]


def _drawn(row: Row, names: dict[int, str], language: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "state_label": say(language, f"desk.state.{row.state}"),
        "reason": say(language, f"desk.reason.{row.reason}"),
        "topic": topic_label(language, row.topic),
        "language": row.language,
        "channel": say(language, f"desk.channel.{row.channel}"),
        "urgent": row.urgent,
        "left": row.left,
        "asked_at": row.asked_at.isoformat(timespec="seconds"),
        "due_at": row.due_at.isoformat(timespec="seconds") if row.due_at else None,
        "warned": row.warned,
        "broken": row.broken,
        "escalated": row.escalated,
        "agent": names.get(row.agent_id) if row.agent_id else None,
    }


def _names(session: Any, ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(ids)))
    return {row.id: row.name for row in rows}
