"""A case as it is told by text message: coarse words only, never a number, a name or a section.

A phone is read over shoulders and changes hands; who wants more signs in on the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.landing import step_of
from bot.cases.lines import line_of
from bot.cases.views import ApplicationEntry, CaseView, OwnPartView, RequirementView
from bot.landing.reading import Standing
from bot.texts import say


def case_text(view: CaseView, landing: Standing | None, language: str, page: str) -> str:
    """How the case stands overall, what waits on the person and until when, the landing step."""
    parts = [
        f"{product_name(view.product, language)}{_colon(language)} "
        + say(language, f"sms.case.overall.{view.overall}"),
        waiting_text(view.requirements, language),
        landing_text(landing, language) if landing else "",
        say(language, "sms.case.details", page=page),
    ]
    return " ".join(part for part in parts if part)


def coarse_text(view: CaseView, language: str, page: str) -> str:
    """The same for whoever may know the status only."""
    head = f"{product_name(view.product, language)}{_colon(language)} "
    details = say(language, "sms.case.details", page=page)
    return f"{head}{say(language, f'sms.case.overall.{view.overall}')} {details}"


def own_part_text(view: OwnPartView, language: str, page: str) -> str:
    """What is asked of a sponsor who may not see the case of whom they sponsor."""
    waiting = waiting_text(view.requirements, language)
    return f"{waiting} {say(language, 'sms.case.details', page=page)}"


def waiting_text(items: Sequence[RequirementView], language: str) -> str:
    """Whether something is asked, in general terms, and by when: the earliest date. In figures
    (2026-08-14, as CSA Z234.4 has it): the names of months would cost a part in French."""
    if not items:
        return say(language, "sms.case.nothing_waiting")
    due = min((item.due_on for item in items if item.due_on), default=None)
    if due is None:
        return say(language, "sms.case.waiting")
    return say(language, "sms.case.waiting_due", date=due.isoformat())


def landing_text(standing: Standing, language: str) -> str:
    """The step of landing, and whether the person is to do something for it."""
    step = say(language, f"sms.landing.step.{step_of(standing)}")
    if standing.returned:
        return say(language, "sms.landing.returned", step=step)
    key = "yours" if standing.to_do and standing.may_do else "at"
    return say(language, f"sms.landing.{key}", step=step)


def product_name(product: str, language: str) -> str:
    return say(language, f"sms.case.product.{product}")


def entry_labels(entries: Sequence[ApplicationEntry], language: str) -> list[str]:
    """What cases are called among several, without their numbers: by their line of business, and
    those of one line by the order in which the page lists them."""
    names = [line_of(entry.line).names[language] for entry in entries]
    return [
        f"{name} ({names[: place + 1].count(name)})" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    ]


def _colon(language: str) -> str:
    return "\u00a0:" if language == "fr" else ":"
