"""One turn of the engine: what is said and written in it becomes visible together or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from bot.store import Database


@dataclass
class Turn:
    """What an action may know of the message it answers, and where it leaves what it does.

    `writes` are run in the transaction that also stores Rasa's events and the replies and marks
    the message done; so a disclosure and its audit row, a change and its notice, stand or fall
    together.
    """

    database: Database
    conversation_id: str
    language: str
    # Where people reach the service: for addresses that an answer gives.
    public_url: str = ""
    # web, or sms: there is no form, no link and little room, and nobody signs in.
    channel: str = "web"
    writes: list[Callable[[Any], object]] = field(default_factory=list)
    # A person was asked for in this turn: it is counted as one that needed an agent.
    handed_off: bool = False
    # There is nothing to say: what the service told the engine to do is not due any more.
    silent: bool = False
    # The engine's memory of the conversation goes with this turn.
    forgets: bool = False

    @property
    def by_text(self) -> bool:
        return self.channel == "sms"

    def later(self, write: Callable[[Any], object]) -> None:
        """Run `write(session)` in the turn's transaction."""
        self.writes.append(write)


current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)
