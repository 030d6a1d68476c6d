"""The words for the parts of a case, shared by the text and the picture."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.lines import line_of, vocabulary
from bot.cases.reading import (
    CaseView,
    HistoryView,
    OwnPartView,
    RequirementView,
    SectionView,
    TimeView,
)
from bot.texts import say
from bot.texts.dates import long_date


def title(view: CaseView | OwnPartView, language: str) -> str:
    """The line of business and the end of the number: enough to know one's own file again."""
    name = line_of(view.line).names[language]
    return say(language, "case.title", line=name, number=masked(view.number))


def masked(number: str) -> str:
    """F000000101 -> F······101: a screenshot should not carry the whole number."""
    return f"{number[0]}······{number[-3:]}"


def overall_name(code: str, language: str) -> str:
    return say(language, f"case.overall.{code}")


def section_name(code: str, language: str) -> str:
    return say(language, f"case.section.{code}")


def status_name(code: str, language: str) -> str:
    return say(language, f"case.status.{code}")


def status_meaning(section: str, status: str, language: str) -> str:
    """What a section's status means. The ceremony is the one section where it differs."""
    if section == "citizenship_ceremony" and status == "in_progress":
        return say(language, "case.status_meaning.ceremony_in_progress")
    return say(language, f"case.status_meaning.{status}")


def section_line(section: SectionView, language: str) -> str:
    return say(
        language,
        "case.section_line",
        section=section_name(section.code, language),
        status=status_name(section.status, language),
        date=long_date(language, section.changed_on),
    )


def requirement_name(item: RequirementView, language: str) -> str:
    """What is asked, with the name of whom it is asked when that is not the reader."""
    what = vocabulary().requirements[item.code][language]
    if item.whose is None:
        return what
    return say(language, "case.for_whom", what=what, name=item.whose)


def waiting_lines(items: Sequence[RequirementView], language: str) -> str:
    """Everything that is asked; the heading says "you" only when it is all asked of the reader."""
    if not items:
        return say(language, "case.nothing_waiting")
    mine = all(item.whose is None for item in items)
    lines = [f"- {waiting_line(item, language)}" for item in items]
    title = say(language, "case.waiting_title" if mine else "case.waiting_title_all")
    return "\n".join([title, *lines])


def waiting_line(item: RequirementView, language: str) -> str:
    """What is asked and until when."""
    what = requirement_name(item, language)
    if item.due_on is None or item.days_left is None:
        return say(language, "case.waiting_open", what=what)
    date = long_date(language, item.due_on)
    if item.days_left < 0:
        return say(language, "case.waiting_late", what=what, date=date)
    if item.days_left == 0:
        return say(language, "case.waiting_due_today", what=what, date=date)
    return say(language, "case.waiting_due", what=what, date=date, days=item.days_left)


def event_label(entry: HistoryView, language: str) -> str:
    """One event of the history in words."""
    return say(
        language,
        f"case.event.{entry.event}" + ("_other" if entry.whose else ""),
        subject=_subject(entry, language),
        after=_after(entry, language),
        name=entry.whose,
    )


def amount(time: TimeView, language: str) -> str:
    return say(language, f"case.amount.{time.unit}", n=time.value)


def next_step(view: CaseView, language: str) -> str:
    """The one thing to do, or to wait for, now."""
    if any(item.whose is None for item in view.requirements):
        return say(language, "case.next.send")
    if view.requirements:
        return say(language, "case.next.send_other")
    if view.landing_stage:
        return say(language, f"case.landing.{view.landing_stage}")
    if any(s.code == "citizenship_ceremony" and s.status == "in_progress" for s in view.sections):
        return say(language, "case.next.ceremony")
    return say(language, f"case.next.{view.overall}")


def _subject(entry: HistoryView, language: str) -> str:
    if entry.subject is None:
        return ""
    if entry.event == "section":
        return section_name(entry.subject, language)
    known = vocabulary()
    names = known.documents if entry.event == "document" else known.requirements
    return names[entry.subject][language] if entry.subject in names else entry.subject


def _after(entry: HistoryView, language: str) -> str:
    if entry.after is None:
        return ""
    group = {"overall": "overall", "section": "status", "document": "document_status"}
    kind = group.get(entry.event)
    return say(language, f"case.{kind}.{entry.after}") if kind else entry.after
