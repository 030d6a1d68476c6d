"""A case in words: each function answers one question from a CaseView, never an outcome."""

from __future__ import annotations

from bot.answers.picture import case_card
from bot.answers.wording import (
    amount,
    event_label,
    next_step,
    overall_name,
    section_line,
    section_name,
    status_meaning,
    title,
    waiting_lines,
)
from bot.cases.reading import CaseView
from bot.chat.reply import Reply
from bot.texts import say
from bot.texts.dates import long_date


def status_answer(view: CaseView, language: str) -> Reply:
    """The whole answer to "where does my case stand?": in words and as a picture."""
    parts = [
        title(view, language),
        _overall(view, language),
        _waiting(view, language),
        _sections(view, language),
        "\n".join(_dates(view, language)),
        next_step(view, language),
    ]
    return Reply(
        "\n\n".join(part for part in parts if part),
        _time_links(view, language),
        card=case_card(view, language),
    )


def coarse_answer(view: CaseView, language: str) -> Reply:
    """What a form for the status only gives: how the application stands overall."""
    parts = [title(view, language), _overall(view, language), say(language, "case.coarse_only")]
    return Reply("\n\n".join(parts))


def section_answer(view: CaseView, code: str, language: str) -> Reply:
    """One section: its status, since when, what that means and does not mean."""
    found = next((s for s in view.sections if s.code == code), None)
    if found is None:
        names = ", ".join(section_name(s.code, language) for s in view.sections)
        return Reply(say(language, "case.section_not_here", sections=names))
    meaning = status_meaning(found.code, found.status, language)
    parts = [section_line(found, language), meaning]
    if found.status == "waiting_on_you":
        parts.append(_waiting(view, language))
    return Reply("\n\n".join(part for part in parts if part))


def next_steps_answer(view: CaseView, language: str) -> Reply:
    """What is waiting on the person, until when, and what comes next."""
    return Reply(f"{_waiting(view, language)}\n\n{next_step(view, language)}")


def history_answer(view: CaseView, language: str) -> Reply:
    """What happened when, oldest first."""
    lines = [
        "- "
        + say(
            language,
            "case.history_line",
            date=long_date(language, entry.on),
            event=event_label(entry, language),
        )
        for entry in view.history
    ]
    return Reply("\n".join([say(language, "case.history_title"), *lines]))


def ghost_answer(view: CaseView, language: str) -> Reply:
    """The date changed and nothing else did."""
    return _with_waiting(view, language, "case.ghost")


def still_answer(view: CaseView, language: str) -> Reply:
    """Nothing has moved for a long time."""
    reply = _with_waiting(view, language, "case.still")
    return Reply(f"{reply.text}\n\n{_late(view, language)}".strip(), _time_links(view, language))


def time_answer(view: CaseView, language: str) -> Reply:
    """How long it takes, and whether this file is past the published time."""
    parts = [_published(view, language), _standard(view, language), _late(view, language)]
    if view.processing_time:
        parts.append(say(language, "case.not_a_promise"))
    links = _time_links(view, language)
    if view.late:
        links += ((say(language, "case.web_form_link"), WEB_FORM[language]),)
    return Reply("\n\n".join(part for part in parts if part), links)


_IRCC_EN = "https://www.canada.ca/en/immigration-refugees-citizenship"
_IRCC_FR = "https://www.canada.ca/fr/immigration-refugies-citoyennete"
WEB_FORM = {
    "en": f"{_IRCC_EN}/corporate/contact-ircc/web-form.html",
    "fr": f"{_IRCC_FR}/organisation/contactez-ircc/formulaire-web.html",
}


def _overall(view: CaseView, language: str) -> str:
    return say(
        language,
        "case.overall_line",
        status=overall_name(view.overall, language),
        meaning=say(language, f"case.overall_meaning.{view.overall}"),
    )


def _waiting(view: CaseView, language: str) -> str:
    text = waiting_lines(view.requirements, language)
    if view.others_waiting:
        text += "\n\n" + say(language, "case.others_waiting")
    return text


def _sections(view: CaseView, language: str) -> str:
    lines = [f"- {section_line(section, language)}" for section in view.sections]
    return "\n".join([say(language, "case.sections_title"), *lines]) if lines else ""


def _dates(view: CaseView, language: str) -> list[str]:
    lines = [
        say(language, "case.updated", date=long_date(language, view.updated_on)),
        say(language, "case.received", date=long_date(language, view.received_on)),
    ]
    return [f"- {line}" for line in [*lines, _published(view, language)] if line]


def _published(view: CaseView, language: str) -> str:
    time = view.processing_time
    if time is None:
        return say(language, "case.no_published") if view.overall != "closed" else ""
    key = "case.published_sample" if time.sample else "case.published"
    return say(language, key, amount=amount(time, language), date=long_date(language, time.as_of))


def _standard(view: CaseView, language: str) -> str:
    time = view.service_standard
    if time is None:
        return ""
    date = long_date(language, time.as_of)
    key = "case.standard_sample" if time.sample else "case.standard"
    return say(language, key, amount=amount(time, language), date=date)


def _late(view: CaseView, language: str) -> str:
    if view.late is None:
        return ""
    key = "case.past_time" if view.late else "case.within_time"
    return say(language, key, months=view.months_since_received)


def _time_links(view: CaseView, language: str) -> tuple[tuple[str, str], ...]:
    time = view.processing_time
    if time is None:
        return ()
    url = time.url_fr if language == "fr" else time.url_en
    return ((say(language, "case.time_link"), url),)


def _with_waiting(view: CaseView, language: str, key: str) -> Reply:
    head = say(language, key, date=long_date(language, view.updated_on))
    return Reply(f"{head}\n\n{_waiting(view, language)}")
