"""Every scenario in both languages through the real front, engine and sender."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.processes import Service
from tests.support.scenarios import Player, Scenario, scenarios

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("scenario", scenarios(), ids=lambda s: s.name)
def test_scenario(
    scenario: Scenario, language: str, service: Service, people: dict[str, dict[str, Any]]
) -> None:
    Player(service.url, language, people).play(scenario)


def test_a_message_posted_while_the_engine_is_dead_is_answered_after_it_comes_back(
    service: Service,
) -> None:
    from tests.support.applicant import Applicant

    person = Applicant(service.url, "en")
    person.next_bot_line(), person.next_bot_line()
    service.kill("engine")
    person.type("thank you")
    service.start("engine")
    assert person.next_bot_line()["text"].startswith("You are welcome")
    person.close()
