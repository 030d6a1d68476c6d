"""What a way to send may do, and what it says when a message did not leave."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from bot.store import Outbound


class NotTaken(Exception):
    """The provider said no: the message has not left.

    `code` is the provider's own, or its HTTP status. A `final` no is the same for ever, and the
    message is not tried again; else not before `wait` seconds, when the provider said how long.
    """

    def __init__(self, code: str, *, final: bool = False, wait: float | None = None) -> None:
        super().__init__(code)
        self.code, self.final, self.wait = code, final, wait


class Unclear(Exception):
    """No answer, or one that leaves open whether the message left: the provider is asked before
    it is sent again. `code` says what happened, `wait` as with NotTaken."""

    def __init__(self, code: str, *, wait: float | None = None) -> None:
        super().__init__(code)
        self.code, self.wait = code, wait


class Way(Protocol):
    """A way to send one message."""

    async def send(self, message: Outbound) -> str | None:
        """The provider's id of it, if it has any. Raises NotTaken, Unclear, or whatever a
        library raises, which counts as not taken."""


@runtime_checkable
class Asked(Protocol):
    """A way that can be asked whether a message left before."""

    async def find(self, message: Outbound, known: frozenset[str]) -> str | None:
        """The provider's id of it, or None when it does not have it. `known` are ids of other
        messages of ours. Raises when it cannot be asked."""


@runtime_checkable
class Closed(Protocol):
    """A way that keeps connections open between messages."""

    async def close(self) -> None:
        """End them; nothing is on its way any more."""
