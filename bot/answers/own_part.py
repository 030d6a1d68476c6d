"""What a sponsor is told before the sponsored person has agreed in writing."""

from __future__ import annotations

from bot.answers.case import WEB_FORM
from bot.answers.wording import title, waiting_lines
from bot.cases.reading import OwnPartView
from bot.chat.reply import Reply
from bot.texts import say
from bot.texts.dates import long_date


def own_part_answer(view: OwnPartView, language: str) -> Reply:
    """That the application came in, what is asked of the sponsor, and how consent is given
    (knowledge: domain, section 1.5)."""
    parts = [
        title(view, language),
        "\n".join(f"- {line}" for line in _arrival(view, language)),
        waiting_lines(view.requirements, language),
        say(language, "case.consent_needed"),
    ]
    link = (say(language, "case.web_form_link"), WEB_FORM[language])
    return Reply("\n\n".join(parts), (link,))


def _arrival(view: OwnPartView, language: str) -> list[str]:
    received = say(language, "case.received", date=long_date(language, view.received_on))
    if view.acknowledged_on is None:
        return [received, say(language, "case.not_acknowledged")]
    day = long_date(language, view.acknowledged_on)
    return [received, say(language, "case.acknowledged", date=day)]
