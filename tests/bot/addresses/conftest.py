"""What the tests of changed addresses share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from bot.clock import now
from bot.store import Database
from tests.bot.addresses.moving import Mover


@pytest.fixture
def mover(database: Database) -> Iterator[Mover]:
    with time_machine.travel(now(), tick=True):
        yield Mover(database)
