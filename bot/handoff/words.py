"""What is said to somebody who asks for a person: place, time, hours, and what they can do."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.clock import now
from bot.handoff.rules import rules
from bot.handoff.standing import Standing
from bot.handoff.waiting import Outlook
from bot.store import Contact
from bot.texts import say
from bot.texts.dates import ZONES, clock_text, long_moment, zone_name


def zone_of(session: Any, person_id: int | None) -> ZoneInfo:
    """The zone that the person chose, if it has a name; otherwise the desk's."""
    key = session.scalar(select(Contact.zone).where(Contact.person_id == person_id))
    return ZoneInfo(key) if key in ZONES else rules().zone


def waiting_text(language: str, outlook: Outlook, zone: ZoneInfo, *, again: bool = False) -> str:
    """Place and waiting time; outside hours when the desk opens, and how to reach it by phone."""
    if outlook.opens_at is not None:
        when = moment_text(language, outlook.opens_at, zone)
        shut = say(language, "handoff.shut", when=when, position=outlook.position)
        parts = [shut, hours_text(language, zone), say(language, "handoff.phone")]
    else:
        key = "handoff.already" if again else "handoff.queued"
        parts = [say(language, key, position=outlook.position), _how_long(language, outlook)]
    return " ".join([*parts, say(language, "handoff.meanwhile")])


def waiting_short(language: str, outlook: Outlook, zone: ZoneInfo) -> str:
    """The same for a text message."""
    if outlook.opens_at is None:
        return say(language, "sms.handoff.queued", position=outlook.position)
    when = moment_text(language, outlook.opens_at, zone)
    return say(language, "sms.handoff.shut", when=when, position=outlook.position)


def standing_text(language: str, standing: Standing, zone: ZoneInfo) -> str:
    """In a sentence what the page with scripts shows in its bar (static/chat/person.js)."""
    key = "page.chat.person."
    if standing.state == "active":
        role = say(language, f"page.chat.role.{standing.role}")
        return say(language, f"{key}active", name=standing.agent, role=role)
    if standing.opens_at is not None:
        when = moment_text(language, datetime.fromisoformat(standing.opens_at), zone)
        return say(language, f"{key}closed", when=when, position=standing.position)
    outlook = Outlook(standing.position or 1, standing.minutes, standing.agents, None)
    queued = say(language, f"{key}queued", position=standing.position)
    return f"{queued} {_how_long(language, outlook)}"


def _how_long(language: str, outlook: Outlook) -> str:
    if not outlook.agents:
        return say(language, "handoff.nobody")
    if outlook.minutes is None:
        return say(language, "handoff.long")
    if outlook.minutes == 1:
        return say(language, "handoff.minute")
    return say(language, "handoff.minutes", minutes=outlook.minutes)


def hours_text(language: str, zone: ZoneInfo) -> str:
    """The office hours as clocks in `zone` show them today."""
    desk = rules()
    today = now().astimezone(desk.zone).date()
    opens, closes = (
        datetime.combine(today, hour, desk.zone).astimezone(zone).time()
        for hour in (desk.opens, desk.closes)
    )
    return say(
        language,
        "handoff.hours",
        first=say(language, f"handoff.day.d{desk.first_day}"),
        last=say(language, f"handoff.day.d{desk.last_day}"),
        opens=clock_text(language, opens),
        closes=clock_text(language, closes),
        zone=zone_name(language, zone.key),
    )


def moment_text(language: str, moment: datetime, zone: ZoneInfo) -> str:
    """ "Monday, November 30, 2026, 8:00 a.m. (Eastern Time)"."""
    local = moment.astimezone(zone)
    weekday = say(language, f"handoff.day.d{local.weekday()}")
    between = ", " if language == "en" else " "
    return f"{weekday}{between}{long_moment(language, local)}"
