"""Each campaign fails when its guard is taken out. That it passes with it: test_samples.py."""

from __future__ import annotations

import pytest

from tests.campaigns.catalogue import CAMPAIGNS
from tests.campaigns.guards import GUARDS, Guard, seen_without
from tests.campaigns.outcome import Outcome

# Of issue 3 every campaign has a guard to be taken out.
WHO_MAY_SEE_WHAT = {
    "enumeration", "timing", "races", "guessing", "flooding", "delivery", "rights", "landing",
    "landing-engine", "canaries", "tampering", "slashes", "slashes-engine",
}  # fmt: skip


def _marked(guard: Guard) -> object:
    marks = [pytest.mark.engine, pytest.mark.xdist_group("engine")] if guard.engine else []
    if guard.campaign in ("photos", "hostile-files"):
        marks = [pytest.mark.xdist_group("photos")]
    name = f"{guard.campaign} without {guard.words}"
    return pytest.param(guard, id=name.replace(" ", "-"), marks=marks)


@pytest.mark.parametrize("guard", [_marked(guard) for guard in GUARDS if not guard.slow])
def test_without_its_guard_it_fails(guard: Guard) -> None:
    outcome = guard.run_without(seed=1)
    assert seen_without(outcome), f"it was not seen: {outcome.row()}"


def test_every_campaign_on_who_may_see_what_has_a_guard() -> None:
    known = {guard.campaign for guard in GUARDS}
    assert WHO_MAY_SEE_WHAT - known == set()
    assert known - set(CAMPAIGNS) == set()


def test_a_campaign_that_broke_off_was_not_seen_to_fail() -> None:
    assert not seen_without(Outcome("broke off", 1, failures=["something"]))
    assert not seen_without(Outcome("passed", 1, {"things": 1}))
