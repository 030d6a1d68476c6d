"""Guards of what somebody may see and of what was written about it (bot/rights, bot/audit)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from bot.audit.walk import Walk
from bot.rights.authorize import Right, Rights
from tests.campaigns.without import instead

Without = AbstractContextManager[Any]


def rights() -> Without:
    """Whoever asks may."""
    return instead((Rights, "of", lambda *_: Right("yes")))


def rights_to_a_landing() -> Without:
    """Whoever stands on a file may read how its landing is."""
    of = Rights.of

    def wider(self: Rights, act: str, *where: Any) -> Right:
        return Right("yes") if act == "read_landing" else of(self, act, *where)

    return instead((Rights, "of", wider))


def hashes() -> Without:
    """Rows of the trail are counted, their hashes are not looked at."""

    def step(self: Walk, row: Any) -> Iterator[Any]:
        self._ends, self._broken = (row.hash,), False
        return iter(())

    return instead((Walk, "_check", step))


def anchor() -> Without:
    """The chain is walked, and nobody asks whether all of it was set back."""
    from bot.audit import verify

    return instead((verify, "compare", lambda *_: iter(())))
