"""What two hundred pages ask every few seconds is read in one transaction, by who may only."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import event

from bot.store import Database
from tests.connectors.serving import Front
from tests.desk.conftest import NewAgent

QUEUE, PRESENCE = "/api/desk/queue", "/api/desk/presence"


@pytest.fixture
def begun(database: Database) -> Iterator[list[object]]:
    """One for each transaction of this process."""
    seen: list[object] = []

    def note(connection: object) -> None:
        seen.append(connection)

    event.listen(database.engine, "begin", note)
    yield seen
    event.remove(database.engine, "begin", note)


def beat(browser: httpx.Client, state: str = "available") -> int:
    return browser.post(PRESENCE, json={"state": state}).status_code


def test_a_look_takes_one_transaction(agent: NewAgent, desk: Front, begun: list[object]) -> None:
    ada = agent("ada")
    mark = ada.get(QUEUE).json()["mark"]
    desk.app.ctx.front.queues.forget()
    begun.clear()
    assert ada.get(QUEUE, params={"seen": mark}).json()["same"]
    assert len(begun) == 1


def test_a_sign_of_life_takes_another_only_when_it_is_written(
    agent: NewAgent, begun: list[object]
) -> None:
    ada = agent("ada")
    for state, transactions in (("available", 2), ("available", 1), ("away", 2), ("away", 1)):
        begun.clear()
        assert beat(ada, state) == 200
        assert len(begun) == transactions, state


def test_who_may_not_reads_nothing(agent: NewAgent) -> None:
    administrator = agent("elise")
    assert administrator.get(QUEUE, params={"view": "nowhere"}).status_code == 403
    assert beat(administrator, "nowhere") == 403
    ada = agent("ada")
    assert ada.get(QUEUE, params={"view": "nowhere"}).status_code == 400
    assert beat(ada, "nowhere") == 400
