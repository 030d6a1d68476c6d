"""Signs of life that come together are written together, and none is said to be written that is
not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import event, select

from bot.clock import now
from bot.handoff.rules import rules
from bot.store import Database, Presence
from connectors.desk.renewals import Renewals
from tests.bot.handoff.desk import add_agent

NAMES = [f"agent{number}" for number in range(50)]


@pytest.fixture
def ids(database: Database) -> list[int]:
    with database.write() as session:
        return [add_agent(session, name).id for name in NAMES]


@pytest.fixture
def commits(database: Database) -> Iterator[list[object]]:
    """One for each transaction that wrote."""
    seen: list[object] = []

    def note(connection: object) -> None:
        if connection.get_execution_options().get("passage_write"):  # type: ignore[attr-defined]
            seen.append(connection)

    event.listen(database.engine, "commit", note)
    yield seen
    event.remove(database.engine, "commit", note)


def states(database: Database) -> dict[int, str]:
    with database.read() as session:
        rows = session.execute(select(Presence.agent_id, Presence.state, Presence.until)).all()
    assert all(until > now() + rules().lease / 2 for _, _, until in rows)
    return {agent_id: state for agent_id, state, _ in rows}


def test_those_who_come_together_are_written_together(
    database: Database, ids: list[int], commits: list[object]
) -> None:
    renewals = Renewals(database)

    async def all_at_once() -> None:
        await asyncio.gather(*(renewals.renew(one, "available") for one in ids))

    asyncio.run(all_at_once())
    assert states(database) == dict.fromkeys(ids, "available")
    assert len(commits) == 2  # the first alone, for it waits for nobody


def test_the_newest_state_is_kept(database: Database, ids: list[int]) -> None:
    renewals = Renewals(database)

    async def changes_twice() -> None:
        await asyncio.gather(
            *(renewals.renew(ids[0], state) for state in ("available", "away", "available", "away"))
        )

    asyncio.run(changes_twice())
    assert states(database) == {ids[0]: "away"}


@pytest.fixture
def breaking(database: Database, monkeypatch: pytest.MonkeyPatch) -> Renewals:
    """The first transaction fails."""
    renewals = Renewals(database)
    write, failed = renewals._write, []

    def breaks_once(due: Mapping[int, str]) -> None:
        if not failed:
            failed.append(due)
            raise OSError("the disk is full")
        write(dict(due))

    monkeypatch.setattr(renewals, "_write", breaks_once)
    return renewals


def test_what_could_not_be_written_is_tried_again_by_those_who_wait(
    breaking: Renewals, database: Database, ids: list[int]
) -> None:
    async def all_at_once() -> list[object]:
        waiting = (breaking.renew(one, "available") for one in ids)
        return list(await asyncio.gather(*waiting, return_exceptions=True))

    said = asyncio.run(all_at_once())
    assert [type(one) for one in said] == [OSError] + [type(None)] * (len(ids) - 1)
    assert states(database) == dict.fromkeys(ids[1:], "available")


def test_what_is_tried_again_is_the_newest(
    breaking: Renewals, database: Database, ids: list[int]
) -> None:
    async def changes() -> None:
        await asyncio.gather(
            *(breaking.renew(ids[0], state) for state in ("available", "away")),
            return_exceptions=True,
        )

    asyncio.run(changes())
    assert states(database) == {ids[0]: "away"}


def test_who_is_gone_before_is_not_written(database: Database, ids: list[int]) -> None:
    """Their page is closed: they may have signed out, and nobody may be sent to them."""
    renewals = Renewals(database)

    async def one_goes() -> None:
        first = asyncio.create_task(renewals.renew(ids[0], "available"))
        gone = asyncio.create_task(renewals.renew(ids[1], "available"))
        await asyncio.sleep(0)
        gone.cancel()
        await first
        await renewals.renew(ids[2], "available")

    asyncio.run(one_goes())
    assert states(database) == dict.fromkeys((ids[0], ids[2]), "available")
