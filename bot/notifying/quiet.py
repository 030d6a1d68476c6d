"""Quiet hours: nobody is told anything between 21:00 and 8:00 of their own clock.

Where somebody may be in several zones, it must be a decent hour in all of them: between 11:00 in
Halifax and 21:00 there everybody from Newfoundland to the Pacific is awake.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

MORNING, EVENING = time(8), time(21)


def is_quiet(moment: datetime, zones: Sequence[str]) -> bool:
    """Whether it is night for somebody who is in one of `zones`."""
    local = [moment.astimezone(ZoneInfo(zone)).time() for zone in zones]
    return any(clock < MORNING or clock >= EVENING for clock in local)


def next_decent(moment: datetime, zones: Sequence[str]) -> datetime:
    """`moment`, or the first one after it that is decent in all of `zones`, in UTC."""
    while is_quiet(moment, zones):
        moment = min(m for zone in zones if (m := _next(moment, zone, MORNING)) > moment)
    return moment.astimezone(timezone.utc)


def quiet_from(moment: datetime, zones: Sequence[str]) -> datetime:
    """When the next quiet hours begin for somebody in one of `zones`, in UTC."""
    return min(_next(moment, zone, EVENING) for zone in zones)


def _next(moment: datetime, zone: str, clock: time) -> datetime:
    """When the clock there next shows `clock`; aware, so a change of the clocks is counted."""
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() < clock else local.date() + timedelta(days=1)
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(timezone.utc)
