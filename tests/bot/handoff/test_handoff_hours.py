"""Office hours in the centre's zone: holidays, weekends, the two days of the year that are no 24
hours long."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff import hours
from bot.handoff.rules import Rules, _rules
from bot.handoff.words import clock_text, hours_text, moment_text

EASTERN = _rules(False).zone


@pytest.fixture
def rules() -> Rules:
    return _rules(False)


def at(text: str) -> datetime:
    """A moment by the clock of the centre."""
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(timezone.utc)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-30T07:59", False),  # a Monday
        ("2026-11-30T08:00", True),
        ("2026-11-30T15:59", True),
        ("2026-11-30T16:00", False),
        ("2026-11-29T10:00", False),  # Sunday
        ("2026-12-25T10:00", False),
        ("2026-09-30T10:00", False),  # National Day for Truth and Reconciliation
        ("2026-12-28T10:00", False),  # Boxing Day was a Saturday
        ("2026-04-03T10:00", False),  # Good Friday
    ],
)
def test_the_desk_is_open_in_office_hours_only(rules: Rules, moment: str, opened: bool) -> None:
    assert hours.is_open(at(moment), rules) is opened


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-30T10:00", "2026-11-30T10:00"),
        ("2026-11-27T16:00", "2026-11-30T08:00"),  # Friday evening
        ("2026-12-24T16:30", "2026-12-29T08:00"),  # Christmas, a weekend, Boxing Day observed
        ("2026-11-30T03:00", "2026-11-30T08:00"),
    ],
)
def test_the_next_opening_is_the_one_that_is_promised(
    rules: Rules, moment: str, opens: str
) -> None:
    assert hours.next_opening(at(moment), rules) == at(opens)


def test_a_target_counts_office_minutes_only(rules: Rules) -> None:
    assert hours.after(at("2026-11-27T15:50"), timedelta(minutes=15), rules) == at(
        "2026-11-30T08:05"
    )
    assert hours.after(at("2026-11-28T12:00"), timedelta(minutes=15), rules) == at(
        "2026-11-30T08:15"
    )
    assert hours.after(at("2026-12-24T15:59"), timedelta(hours=8), rules) == at("2026-12-29T15:59")


def test_the_hours_follow_the_clock_when_it_is_changed(rules: Rules) -> None:
    summer, winter = at("2026-10-30T08:00"), at("2026-11-02T08:00")
    assert (summer.hour, winter.hour) == (12, 13)
    assert hours.is_open(winter, rules)
    assert not hours.is_open(winter - timedelta(minutes=1), rules)


def test_a_desk_that_never_closes_counts_every_minute() -> None:
    always = _rules(True)
    moment = at("2026-11-29T03:00")
    assert hours.is_open(moment, always)
    assert hours.after(moment, timedelta(minutes=5), always) == moment + timedelta(minutes=5)


def test_moments_are_told_in_the_zone_of_whoever_asks() -> None:
    from zoneinfo import ZoneInfo

    opens, pacific = at("2026-11-30T08:00"), ZoneInfo("America/Vancouver")
    assert moment_text("en", opens, pacific) == (
        "Monday, November 30, 2026, 5:00\u00a0a.m. (Pacific Time)"
    )
    assert moment_text("fr", opens, EASTERN) == (
        "lundi 30 novembre 2026 à 8\u00a0h (heure de l’Est)"
    )
    assert "5:00\u00a0a.m. to 1:00\u00a0p.m. (Pacific Time)" in hours_text("en", pacific)
    assert "du lundi au vendredi, de 8\u00a0h à 16\u00a0h" in hours_text("fr", EASTERN)


def test_the_clock_is_told_as_people_read_it() -> None:
    from datetime import time

    assert clock_text("en", time(12, 5)) == "12:05\u00a0p.m."
    assert clock_text("en", time(0, 0)) == "12:00\u00a0a.m."
    assert clock_text("fr", time(9, 30)) == "9\u00a0h\u00a030"


# A fortnight around a change of the clocks and one around Christmas, to the second and at its edge.
_MOMENTS = st.builds(
    lambda start, seconds, micros: at(start) + timedelta(seconds=seconds, microseconds=micros),
    st.sampled_from(["2026-10-26T00:00", "2026-12-21T00:00"]),
    st.one_of(st.integers(0, 14 * 86_400), st.integers(0, 14 * 24).map(lambda hour: hour * 3_600)),
    st.sampled_from([0, 0, 1, -1]),
)


@given(begun=_MOMENTS, by=_MOMENTS, minutes=st.sampled_from([1.0, 2.25, 5.0, 11.25, 480.0, 700.0]))
def test_what_is_due_by_a_moment_is_what_began_early_enough_before_it(
    begun: datetime, by: datetime, minutes: float
) -> None:
    length, of = timedelta(minutes=minutes), _rules(False)
    latest = hours.before(by, length, of)
    assert (hours.after(begun, length, of) <= by) is (begun <= latest)
    assert hours.after(latest, length, of) <= by
