"""The hub of the desk: the same one listener, but each stream watches one conversation for one
agent, or, without a number, only whether the agent is still signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.agents.sessions import find_agents
from bot.desk.watching import Watched, watched
from connectors.webchat.hub import Hub, State


@dataclass(frozen=True)
class DeskState(State):
    """Beside the last line: the hand-off's version, and whether the person is writing."""

    version: int = 0
    typing: bool = False

    def flags(self) -> dict[str, Any]:
        return {"version": self.version, "typing": self.typing, "proven": self.verified}


def key_of(token: str, handoff_id: int) -> str:
    return f"{token} {handoff_id}"


class DeskHub(Hub):
    """Its watchers are named by `key_of`."""

    def _read(self, keys: set[str]) -> dict[str, State]:
        named = {key: _split(key) for key in keys}
        with self._database.read() as session:
            live = find_agents(session, {token for token, _ in named.values()})
            seen = watched(session, {number for _, number in named.values()})
        return {
            key: _state(seen[number])
            for key, (token, number) in named.items()
            if token in live and number in seen
        }


def _split(key: str) -> tuple[str, int]:
    token, _, number = key.partition(" ")
    return token, int(number)


def _state(one: Watched) -> DeskState:
    return DeskState(one.last_line, False, False, one.proven, one.version, one.typing)
