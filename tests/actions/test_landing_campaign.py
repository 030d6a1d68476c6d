"""The campaign of helpers' dialogues, small, without Rasa; and that it would find a leak."""

from __future__ import annotations

import pytest

from bot.rights.authorize import Right
from tests.campaigns.landing import representative_dialogues


def test_a_helper_is_told_nothing_of_landing() -> None:
    outcome = representative_dialogues(8, 25, seed=1)
    assert outcome.passed, outcome.row()


def test_the_campaign_sees_a_case_that_is_read_without_asking_for_the_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.cases.reading.authorize", lambda *_: Right("yes"))
    outcome = representative_dialogues(16, 50, seed=1)
    assert outcome.failures
