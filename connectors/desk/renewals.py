"""Signs of life of the desk's pages, written together.

Two hundred pages that were opened in the same minute renew their leases in the same seconds. In a
transaction each they all stood before whoever claimed a conversation just then.
"""

from __future__ import annotations

import asyncio

from bot.handoff import renew_all
from bot.store import Database


class Renewals:
    """One transaction at a time; whoever comes while it is under way shares the next."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # What each of those who wait wants, in the order in which they came.
        self._due: dict[object, tuple[int, str]] = {}
        self._writing = asyncio.Lock()

    async def renew(self, agent_id: int, state: str) -> None:
        """The agent is there in `state` for another lease; returns when that is written. Who is
        gone before, or whose transaction failed, leaves nothing behind that others would write."""
        mine = object()
        self._due[mine] = (agent_id, state)
        try:
            async with self._writing:
                if mine in self._due:  # else it was written with those before
                    await self._write_due()
        finally:
            self._due.pop(mine, None)

    async def _write_due(self) -> None:
        due = dict(self._due)
        await self._database.threads.write(self._write, dict(due.values()))
        for one in due:
            self._due.pop(one, None)

    def _write(self, states: dict[int, str]) -> None:
        with self._database.write() as session:
            renew_all(session, states)
