"""Hostile texts on the desk: a sample of the campaign, which starts a browser of its own and so
stands apart from the tests that share one."""

from __future__ import annotations

import pytest

from tests.campaigns.hostile_texts import hostile_texts_stay_texts

pytestmark = pytest.mark.browser


def test_hostile_texts_stay_texts() -> None:
    outcome = hostile_texts_stay_texts(45, seed=1)
    assert outcome.passed, outcome.row()
