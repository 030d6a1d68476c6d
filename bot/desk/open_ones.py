"""The open hand-offs at one moment, as every agent of the desk may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from bot.agents.sessions import AgentView
from bot.handoff import VIEWS, unread_words
from bot.handoff.queueing import Row, row_of
from bot.store import Agent, Handoff
from bot.store.desk import OPEN

# Of more rows than this it is simpler to read all.
FEW = 500
_OPEN = Handoff.state.in_(OPEN)
_COLUMNS = [column for column in Handoff.__table__.columns if column.name != "tried"]


def queue_mark(session: Any) -> str:
    """Changes whenever any open hand-off does: cheap to ask, so that pages may look often."""
    count, newest, versions = session.execute(
        select(func.count(), func.max(Handoff.id), func.sum(Handoff.version)).where(_OPEN)
    ).one()
    return f"{count}-{newest or 0}-{versions or 0}"


@dataclass(frozen=True)
class View:
    """How many an agent's view has, and the first of them."""

    count: int
    first: list[Row]


class OpenOnes:
    """All open hand-offs at `mark` in their order (Row.place), the names of who has them, and those
    whose agent has a supervisor's word to read."""

    def __init__(
        self,
        mark: str,
        rows: Sequence[Row] = (),
        names: dict[int, str] | None = None,
        words: Collection[int] = (),
    ) -> None:
        self.mark, self.rows, self.names, self.words = mark, rows, names or {}, words
        self._held: dict[int | None, list[Row]] = defaultdict(list)
        self._meant: dict[int | None, list[Row]] = defaultdict(list)
        for row in rows:
            if row.state == "active":
                self._held[row.agent_id].append(row)
            elif row.meant_for is not None:
                self._meant[row.meant_for].append(row)
        # What all agents of the same languages are offered is the same: (view, languages) -> rows.
        self._offered: dict[tuple[str, tuple[str, ...]], list[Row]] = {}

    def has_words(self, me: AgentView) -> bool:
        """There is a word for this agent somewhere."""
        return any(row.id in self.words for row in self._held.get(me.id, []))

    def view(self, name: str, me: AgentView, most: int) -> View:
        """The view `name` of an agent. What they cannot answer in its language, or what is meant
        for another one, is not offered; supervisors see it in `all`.

        Raises:
            ValueError: no such view.
        """
        if name not in VIEWS:
            raise ValueError(name)
        if name == "mine":
            return _view(self._held.get(me.id, []), [], most)
        if name == "all" and me.may("supervise"):
            return _view(self.rows, [], most)
        own = [row for row in self._meant.get(me.id, []) if row.language in me.languages]
        return _view(self._for_all(name, me.languages), own, most)

    def _for_all(self, name: str, languages: tuple[str, ...]) -> list[Row]:
        key = (name, languages)
        if key not in self._offered:
            self._offered[key] = [
                row
                for row in self.rows
                if row.language in languages
                and row.meant_for is None
                and (name == "all" or row.state != "active")
            ]
        return self._offered[key]


def _view(common: Sequence[Row], own: list[Row], most: int) -> View:
    first = sorted([*common[:most], *own], key=lambda row: row.place) if own else common
    return View(len(common) + len(own), list(first[:most]))


def read_open(session: Any, mark: str, before: OpenOnes) -> OpenOnes:
    """Those at `mark`, of which only what changed since `before` is read."""
    versions = dict(session.execute(select(Handoff.id, Handoff.version).where(_OPEN)).all())
    rows = {row.id: row for row in before.rows if versions.get(row.id) == row.version}
    changed = versions.keys() - rows.keys()
    if changed:
        which = Handoff.id.in_(changed) if len(changed) <= FEW else _OPEN
        for found in session.execute(select(*_COLUMNS).where(which, _OPEN)):
            rows[found.id] = row_of(found)
    held = {row.agent_id for row in rows.values() if row.agent_id is not None}
    ordered = sorted(rows.values(), key=lambda row: row.place)
    return OpenOnes(mark, ordered, _names(session, held), unread_words(session))


def _names(session: Any, ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(ids)))
    return {row.id: row.name for row in rows}
