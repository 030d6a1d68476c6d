"""What every handler of the front may use, made once for each application."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.bell import Bell
from bot.settings import Settings
from bot.store import Database
from connectors.bodies import Bodies
from connectors.files import Files
from connectors.pages import Pages
from connectors.rates import Limiter
from connectors.webchat.hub import Hub


@dataclass(frozen=True)
class Front:
    """`origins` are ours; `engine` and `sender` are the bells of those processes."""

    settings: Settings
    database: Database
    origins: frozenset[str]
    hub: Hub
    limiter: Limiter
    bodies: Bodies
    files: Files
    pages: Pages
    engine: Bell
    sender: Bell

    def wake_all(self) -> None:
        """Wake whoever may have work after a step of signing in: always all of them, so that who
        woke tells nothing of what came of it."""
        self.engine.ring()
        self.sender.ring()
        self.hub.poke()
