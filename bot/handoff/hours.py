"""Office hours: is the desk open, when does it open, what moment lies so many minutes of them on.

All arithmetic is on moments in UTC; only the bounds of a day are made in the centre's zone, so a
day of 23 or 25 hours is right by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from bot.handoff.rules import Rules, rules

# No closure is longer; it only bounds the search.
LONGEST_CLOSURE = 30


def is_open(moment: datetime, of: Rules | None = None) -> bool:
    hours = of or rules()
    return hours.always or next(_spans(moment, hours))[0] <= moment


def next_opening(moment: datetime, of: Rules | None = None) -> datetime:
    """`moment` itself while the desk is open, otherwise when it next opens."""
    hours = of or rules()
    return moment if hours.always else max(moment, next(_spans(moment, hours))[0])


def after(moment: datetime, length: timedelta, of: Rules | None = None) -> datetime:
    """The moment by which `length` of office hours have passed since `moment`."""
    hours = of or rules()
    if hours.always:
        return moment + length
    for begins, ends in _spans(moment, hours):
        start = max(moment, begins)
        if start + length <= ends:
            return start + length
        length -= ends - start
    raise AssertionError("the spans do not end")


def before(moment: datetime, length: timedelta, of: Rules | None = None) -> datetime:
    """The latest moment from which `length` of office hours have passed by `moment`: `after` the
    other way round, so that a query can ask for what is due."""
    hours = of or rules()
    if hours.always:
        return moment - length
    for begins, ends in _spans_back(moment, hours):
        end = min(moment, ends)
        if end - length >= begins:
            return end - length
        length -= end - begins
    raise AssertionError("the spans do not end")


def _spans_back(moment: datetime, hours: Rules) -> Iterator[tuple[datetime, datetime]]:
    """The spans of office hours that began by `moment`, latest first.

    Raises:
        ValueError: the desk was closed for a month: the rules are wrong.
    """
    day, idle = moment.astimezone(hours.zone).date(), 0
    while idle < LONGEST_CLOSURE:
        begins = _at(day, hours.opens, hours)
        if _works(day, hours) and begins <= moment:
            idle = 0
            yield begins, _at(day, hours.closes, hours)
        idle += 1
        day -= timedelta(days=1)
    raise ValueError("the desk did not open within a month")


def _spans(moment: datetime, hours: Rules) -> Iterator[tuple[datetime, datetime]]:
    """The spans of office hours that end after `moment`, in order.

    Raises:
        ValueError: the desk is closed for a month: the rules are wrong.
    """
    day, idle = moment.astimezone(hours.zone).date(), 0
    while idle < LONGEST_CLOSURE:
        ends = _at(day, hours.closes, hours)
        if _works(day, hours) and ends > moment:
            idle = 0
            yield _at(day, hours.opens, hours), ends
        idle += 1
        day += timedelta(days=1)
    raise ValueError("the desk does not open within a month")


def _at(day: date, hour: object, hours: Rules) -> datetime:
    return datetime.combine(day, hour, hours.zone).astimezone(timezone.utc)  # type: ignore[arg-type]


def _works(day: date, hours: Rules) -> bool:
    return (
        hours.first_day <= day.weekday() <= hours.last_day
        and day not in hours.closed
        and day not in holidays_of(day.year)
    )


@lru_cache(maxsize=8)
def holidays_of(year: int) -> frozenset[date]:
    """Statutory holidays of the federal government."""
    from holidays import country_holidays  # only where somebody asks: it reads a lot

    return frozenset(country_holidays("CA", years=year, categories=("public", "government")))
