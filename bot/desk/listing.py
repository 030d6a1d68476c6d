"""A queue as data for the desk's page.

Two hundred pages look every few seconds. What they all see is read once for each change and kept in
this process; a look asks the database whether there was a change at most every FRESH seconds, and
puts what is the agent's own beside it.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from bot.agents.sessions import AgentView
from bot.clock import now
from bot.desk.open_ones import OpenOnes, queue_mark, read_open
from bot.desk.words import topic_label
from bot.handoff import VIEWS
from bot.handoff.queueing import Row
from bot.texts import say

# Of a view: nobody reads further.
SHOWN = 60
# For so many seconds nobody asks again whether something changed elsewhere. What this process does
# itself is seen at once (`forget`).
FRESH = 0.25


class Queues:
    """The open hand-offs as of the last change; one for each process, used by all its threads."""

    def __init__(self) -> None:
        self._open = OpenOnes("")
        self._drawn: dict[tuple[int, int, str], dict[str, Any]] = {}
        self._read_at = self._forgotten_at = float("-inf")
        self._reading = threading.Lock()

    def forget(self) -> None:
        """This process has changed something: the next look asks the database."""
        self._forgotten_at = time.monotonic()

    def mark(self, session: Any) -> str:
        """Changes whenever any open hand-off does."""
        return self._now(session).mark

    def listed(self, session: Any, me: AgentView, view: str, language: str) -> dict[str, Any]:
        """The rows of `view` in the words of `language`, and how many each view has.

        Raises:
            ValueError: no such view.
        """
        found = self._now(session)
        shown = found.view(view, me, SHOWN).first
        return {
            "mark": found.mark,
            "rows": [self._row(row, me, found, language) for row in shown],
            "words": found.has_words(me),
            "counts": {name: found.view(name, me, 0).count for name in VIEWS},
            "now": now().isoformat(timespec="seconds"),
        }

    def next_waiting(self, session: Any, me: AgentView, limit: int = 20) -> list[int]:
        """The ids of who waits, in the order in which they should be taken: first those who are
        there now, then those who left a message while the desk was closed."""
        found = self._now(session)
        rows = found.view("waiting", me, len(found.rows)).first
        here = [row.id for row in rows if row.state == "queued"]
        return (here or [row.id for row in rows])[:limit]

    def everybody(self, session: Any) -> list[Row]:
        """All open hand-offs, whoever may take them."""
        return list(self._now(session).rows)

    def drawn(self, session: Any, me: AgentView, language: str) -> list[dict[str, Any]]:
        """The same as a supervisor's board shows them: what is late before what is not."""
        found = self._now(session)
        rows = sorted(found.rows, key=lambda row: (not row.escalated, not row.broken))
        return [self._row(row, me, found, language) for row in rows[:SHOWN]]

    def _now(self, session: Any) -> OpenOnes:
        with self._reading:
            begun = time.monotonic()
            if self._read_at <= self._forgotten_at or begun - self._read_at > FRESH:
                mark = queue_mark(session)
                if mark != self._open.mark:
                    self._open = read_open(session, mark, self._open)
                    self._drop_drawn()
                self._read_at = begun
            return self._open

    def _drop_drawn(self) -> None:
        versions = {(row.id, row.version) for row in self._open.rows}
        self._drawn = {key: one for key, one in self._drawn.items() if key[:2] in versions}

    def _row(self, row: Row, me: AgentView, among: OpenOnes, language: str) -> dict[str, Any]:
        key = (row.id, row.version, language)
        if key not in self._drawn:
            self._drawn[key] = _drawn(row, language)
        mine = row.state == "active" and row.agent_id == me.id
        return {
            **self._drawn[key],
            # What is of this moment, or of this agent.
            "broken": row.broken,
            "agent": among.names.get(row.agent_id) if row.agent_id else None,
            "mine": mine,
            "word": mine and row.id in among.words,
            "can_take": row.state != "active" and row.language in me.languages,
        }


def _drawn(row: Row, language: str) -> dict[str, Any]:
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
        "escalated": row.escalated,
    }
