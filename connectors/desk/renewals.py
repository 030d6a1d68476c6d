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
        self._due: dict[int, str] = {}
        self._writing = asyncio.Lock()

    async def renew(self, agent_id: int, state: str) -> None:
        """The agent is there in `state` for another lease; returns when that is written."""
        self._due[agent_id] = state
        async with self._writing:
            if agent_id in self._due:  # else it was written with those before
                await self._write_due()

    async def _write_due(self) -> None:
        due, self._due = self._due, {}
        try:
            await self._database.threads.write(self._write, due)
        except BaseException:
            # Of each of them somebody waits and tries again; what came meanwhile is newer.
            self._due = {**due, **self._due}
            raise

    def _write(self, due: dict[int, str]) -> None:
        with self._database.write() as session:
            renew_all(session, due)
