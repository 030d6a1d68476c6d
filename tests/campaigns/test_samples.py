"""A small sample of each campaign, through the campaigns' own code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.running import fresh_service
from tests.campaigns.kills import kill_while_writing
from tests.campaigns.outcome import Outcome
from tests.campaigns.slashes import no_slash_gets_through
from tests.support.processes import Service


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with fresh_service() as running:
        running.start("front", "engine", "sender")
        running.wait_ready()
        yield running


def test_typed_instructions() -> None:
    outcome = no_slash_gets_through(500, seed=1)
    assert outcome.passed, outcome.row()


def test_an_outcome_without_figures_has_not_passed() -> None:
    assert not Outcome("nothing was done", 1).passed


@pytest.mark.engine
@pytest.mark.xdist_group("engine")
@pytest.mark.parametrize(("part", "kills"), [("engine", 1), ("front", 3)])
def test_killed_while_people_write(service: Service, part: str, kills: int) -> None:
    outcome = kill_while_writing(service, part, kills, seed=1, writers=2, messages=6)
    assert outcome.passed, outcome.row()
