"""The words for the parts of a case, shared by the text and the picture."""

from __future__ import annotations

from bot.cases.lines import line_of, vocabulary
from bot.cases.reading import CaseView, HistoryView, RequirementView, SectionView, TimeView
from bot.texts import say
from bot.texts.dates import long_date


def title(view: CaseView, language: str) -> str:
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


def requirement_name(code: str, language: str) -> str:
    return vocabulary().requirements[code][language]


def waiting_line(item: RequirementView, language: str) -> str:
    """What is asked and until when."""
    what = requirement_name(item.code, language)
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
        f"case.event.{entry.event}",
        subject=_subject(entry, language),
        after=_after(entry, language),
    )


def amount(time: TimeView, language: str) -> str:
    return say(language, f"case.amount.{time.unit}", n=time.value)


def next_step(view: CaseView, language: str) -> str:
    """The one thing to do, or to wait for, now."""
    if view.requirements:
        return say(language, "case.next.send")
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
