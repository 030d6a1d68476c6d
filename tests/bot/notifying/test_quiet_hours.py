"""Quiet hours hold in each of Canada's zones, also on the days on which the clocks change."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.addresses.provinces import load_canada
from bot.notices.wishes import ZONES
from bot.notifying.quiet import is_quiet, next_decent
from bot.zones import BY_POSTAL, BY_PROVINCE, EVERYWHERE, zones_for

# The clocks change on March 8 and November 1, 2026; the days around them and ordinary ones.
DAYS = ["2026-03-07", "2026-03-08", "2026-06-15", "2026-10-31", "2026-11-01", "2026-12-20"]


def hours(day: str) -> list[datetime]:
    """Every 20 minutes of 30 hours."""
    start = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
    return [start + timedelta(minutes=20 * step) for step in range(90)]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("zone", sorted({*EVERYWHERE, *BY_PROVINCE.values(), *BY_POSTAL.values()}))
def test_nobody_is_told_at_night_and_everybody_as_soon_as_it_is_morning(
    zone: str, day: str
) -> None:
    for moment in hours(day):
        hour = moment.astimezone(ZoneInfo(zone)).hour
        found = next_decent(moment, [zone])
        local = found.astimezone(ZoneInfo(zone))
        assert is_quiet(moment, [zone]) == (hour < 8 or hour >= 21)
        if 8 <= hour < 21:
            assert found == moment
        else:
            assert (local.hour, local.minute) == (8, 0)
            assert timedelta(0) < found - moment <= timedelta(hours=12)


def test_the_night_of_the_changed_clock_is_an_hour_shorter_or_longer() -> None:
    toronto = ["America/Toronto"]
    nine = datetime(2026, 3, 7, 21, tzinfo=ZoneInfo(toronto[0]))
    later = datetime(2026, 10, 31, 21, tzinfo=ZoneInfo(toronto[0]))
    assert next_decent(nine, toronto) - nine.astimezone(timezone.utc) == timedelta(hours=10)
    assert next_decent(later, toronto) - later.astimezone(timezone.utc) == timedelta(hours=12)


@pytest.mark.parametrize("day", DAYS)
def test_where_the_zone_is_not_known_it_is_decent_everywhere(day: str) -> None:
    for moment in hours(day):
        found = next_decent(moment, EVERYWHERE)
        assert all(8 <= found.astimezone(ZoneInfo(zone)).hour < 21 for zone in EVERYWHERE)
        assert found - moment <= timedelta(hours=17)


def test_every_province_has_a_zone() -> None:
    provinces = {key[3:] for key in load_canada() if len(key) == 5}
    assert provinces == set(BY_PROVINCE)
    assert set(ZONES) == set(EVERYWHERE)


@pytest.mark.parametrize(
    ("address", "zone"),
    [
        ({"province": "NL", "postal_code": "A1C 5M2"}, "America/St_Johns"),
        ({"province": "NL", "postal_code": "A2V 1K1"}, "America/Goose_Bay"),
        ({"province": "ON", "postal_code": "K1A 0B1"}, "America/Toronto"),
        ({"province": "ON", "postal_code": "P9N 1A1"}, "America/Winnipeg"),
        ({"province": "SK", "postal_code": "S4P 3X2"}, "America/Regina"),
        ({"province": "BC", "postal_code": "V6B 1A1"}, "America/Vancouver"),
    ],
)
def test_the_address_says_the_zone(address: dict[str, str], zone: str) -> None:
    assert zones_for(None, address, "+1 902 555 0100") == (zone,)


def test_what_was_chosen_goes_before_all_and_the_telephone_after_the_address() -> None:
    address = {"province": "BC", "postal_code": "V6B 1A1"}
    assert zones_for("America/Halifax", address, None) == ("America/Halifax",)
    assert zones_for(None, None, "+16045550100") == ("America/Vancouver",)
    assert zones_for(None, None, "902-555-0100") == ("America/Halifax",)


@pytest.mark.parametrize("number", [None, "", "hello", "+18005550100", "+33140205050"])
def test_without_either_it_may_be_any_zone(number: str | None) -> None:
    assert zones_for(None, None, number) == EVERYWHERE
