"""A case as a picture: the data of the card that the page draws (timeline, tiles, what is due)."""

from __future__ import annotations

from typing import Any

from bot.answers.wording import (
    amount,
    event_label,
    next_step,
    overall_name,
    requirement_name,
    section_name,
    status_meaning,
    status_name,
    title,
)
from bot.cases.reading import CaseView, HistoryView, RequirementView
from bot.clock import today
from bot.texts import say
from bot.texts.dates import long_date

# A due date this near is shown as urgent.
URGENT_DAYS = 7
# Moments on the timeline besides today: the first and the latest ones.
MAX_EVENTS = 5
_SHOWN = {"received", "acknowledged", "overall", "requirement_asked", "requirement_met"}
# A section is a milestone when it is over; that it began, or waits, is on its tile.
_OVER = {"completed", "exempted"}


def case_card(view: CaseView, language: str) -> dict[str, Any]:
    """The `case` card (shape: docs/architecture.md, "Lines and cards"); every word is localised."""
    return {
        "kind": "case",
        "case": {
            "title": title(view, language),
            "overall": {
                "code": view.overall,
                "label": overall_name(view.overall, language),
                "meaning": say(language, f"case.overall_meaning.{view.overall}"),
            },
            "sections": _sections(view, language),
            "timeline": _timeline(view, language),
            "waiting": [_waiting(item, language) for item in view.requirements],
            "updated_label": say(
                language, "case.updated", date=long_date(language, view.updated_on)
            ),
            "received_label": say(
                language, "case.received", date=long_date(language, view.received_on)
            ),
            "next_step": next_step(view, language),
            **_published(view, language),
        },
    }


def _sections(view: CaseView, language: str) -> list[dict[str, Any]]:
    return [
        {
            "code": section.code,
            "label": section_name(section.code, language),
            "status": section.status,
            "status_label": status_name(section.status, language),
            "changed_on": long_date(language, section.changed_on),
            "meaning": status_meaning(section.code, section.status, language),
        }
        for section in view.sections
    ]


def _timeline(view: CaseView, language: str) -> list[dict[str, Any]]:
    events = [entry for entry in view.history if _is_milestone(entry)]
    if len(events) > MAX_EVENTS:
        events = events[:2] + events[-(MAX_EVENTS - 2) :]
    done = [
        {
            "on": entry.on.isoformat(),
            "on_label": long_date(language, entry.on),
            "label": event_label(entry, language),
            "state": "done",
        }
        for entry in events
    ]
    if view.overall == "closed":
        return done
    status = overall_name(view.overall, language)
    now = {
        "on": today().isoformat(),
        "on_label": long_date(language, today()),
        "label": say(language, "case.timeline_now", status=status),
        "state": "now",
    }
    return [*done, now, *(_due(item, language) for item in view.requirements if item.due_on)]


def _is_milestone(entry: HistoryView) -> bool:
    return entry.event in _SHOWN or (entry.event == "section" and entry.after in _OVER)


def _due(item: RequirementView, language: str) -> dict[str, Any]:
    assert item.due_on is not None
    return {
        "on": item.due_on.isoformat(),
        "on_label": long_date(language, item.due_on),
        "label": requirement_name(item, language),
        "state": "next",
    }


def _waiting(item: RequirementView, language: str) -> dict[str, Any]:
    due = long_date(language, item.due_on) if item.due_on else None
    return {
        "label": requirement_name(item, language),
        "due_label": say(language, "case.due_label", date=due)
        if due
        else say(language, "case.no_due_label"),
        "days_left": item.days_left,
        "urgent": item.days_left is not None and item.days_left <= URGENT_DAYS,
    }


def _published(view: CaseView, language: str) -> dict[str, str]:
    time = view.processing_time
    if time is None:
        return {}
    key = "case.published_sample" if time.sample else "case.published"
    label = say(language, key, amount=amount(time, language), date=long_date(language, time.as_of))
    return {
        "published_label": label,
        "published_url": time.url_fr if language == "fr" else time.url_en,
    }
