"""A case in words and as a picture: complete, dated, and never a guess at the outcome."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.answers.case import (
    WEB_FORM,
    coarse_answer,
    ghost_answer,
    history_answer,
    next_steps_answer,
    section_answer,
    status_answer,
    still_answer,
    time_answer,
)
from bot.answers.wording import masked
from bot.cases.lines import vocabulary
from bot.cases.views import CaseView, HistoryView, RequirementView, SectionView, TimeView
from bot.clock import today
from bot.texts import LANGUAGES

DAY = date(2026, 3, 1)
TIME = TimeView(14, "months", date(2025, 11, 6), "https://www.canada.ca/en/x",
                "https://www.canada.ca/fr/x", sample=True)  # fmt: skip
CASE = CaseView(
    number="F000000101",
    line="family_spouse",
    product="permanent_residence",
    stream="outside_canada",
    overall="in_progress",
    received_on=DAY,
    acknowledged_on=DAY,
    updated_on=DAY,
    sections=(
        SectionView("eligibility", "waiting_on_you", DAY),
        SectionView("biometrics", "completed", DAY),
    ),
    documents=(),
    requirements=(RequirementView("police_certificate", DAY, DAY + timedelta(21), 21),),
    others_waiting=False,
    history=(
        HistoryView(DAY, "received", None, None, None),
        HistoryView(DAY, "section", "biometrics", "in_progress", "completed"),
    ),
    roles=("principal_applicant",),
    landing_stage=None,
    processing_time=TIME,
    service_standard=None,
    months_since_received=5,
    late=False,
)
# Words that would be a prediction or a decision; "Closed" is explained with them, so not there.
OUTCOMES = re.compile(
    r"\b(will be approved|congratulations|was approved|was refused|félicitations)\b", re.I
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_status_answer_says_everything_the_picture_shows(language: str) -> None:
    reply = status_answer(CASE, language)
    assert reply.card is not None
    case = reply.card["case"]
    shown = [case["title"], case["overall"]["label"], case["next_step"], case["updated_label"],
             case["received_label"], case["published_label"]]  # fmt: skip
    shown += [word for s in case["sections"] for word in (s["label"], s["status_label"])]
    shown += [item["label"] for item in case["waiting"]]
    for words in shown:
        assert words in reply.text, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_published_time_carries_its_date_and_official_address(language: str) -> None:
    for reply in (status_answer(CASE, language), time_answer(CASE, language)):
        assert "2025" in reply.text
        assert any("canada.ca" in url for _, url in reply.links)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", [None, *vocabulary().landing_stages])
@pytest.mark.parametrize("overall", vocabulary().overall)
def test_no_answer_states_or_predicts_a_decision(
    overall: str, stage: str | None, language: str
) -> None:
    view = replace(CASE, overall=overall, landing_stage=stage, late=None)
    for answer in (status_answer, next_steps_answer, history_answer, ghost_answer, still_answer,
                   time_answer, coarse_answer):  # fmt: skip
        text = answer(view, language).text
        assert not OUTCOMES.search(text), text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("line", vocabulary().lines.values(), ids=lambda line: line.code)
def test_every_line_section_and_status_has_words(line: object, language: str) -> None:
    for status in vocabulary().section_statuses:
        sections = tuple(SectionView(code, status, DAY) for code in line.sections)  # type: ignore[attr-defined]
        view = replace(CASE, line=line.code, sections=sections)  # type: ignore[attr-defined]
        assert "{" not in status_answer(view, language).text
        for code in line.sections:  # type: ignore[attr-defined]
            assert section_answer(view, code, language).text


def test_the_ceremony_in_progress_means_a_date_is_set() -> None:
    view = replace(CASE, line="citizenship_adult",
                   sections=(SectionView("citizenship_ceremony", "in_progress", DAY),))  # fmt: skip
    assert "a date is set" in section_answer(view, "citizenship_ceremony", "en").text
    assert "date est fixée" in section_answer(view, "citizenship_ceremony", "fr").text


def test_a_section_the_line_does_not_have_is_answered_with_those_it_has() -> None:
    reply = section_answer(CASE, "citizenship_test", "en")
    assert "Eligibility" in reply.text


@pytest.mark.parametrize(
    ("days", "words"), [(21, "days left: 21"), (0, "due today"), (-3, "was due"), (None, "no date")]
)
def test_what_is_asked_says_until_when(days: int | None, words: str) -> None:
    due = None if days is None else today() + timedelta(days)
    view = replace(CASE, requirements=(RequirementView("passport", DAY, due, days),))
    assert words in next_steps_answer(view, "en").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sponsor_sees_no_section(language: str) -> None:
    reply = coarse_answer(CASE, language)
    assert reply.card is None
    assert "Biometrics" not in reply.text and "biométriques" not in reply.text


def test_a_late_file_is_told_what_it_may_do() -> None:
    reply = time_answer(replace(CASE, late=True, months_since_received=20), "en")
    assert "past that time" in reply.text
    assert WEB_FORM["en"] in [url for _, url in reply.links]


def test_a_file_within_the_time_is_not_sent_to_the_web_form() -> None:
    assert WEB_FORM["en"] not in [url for _, url in time_answer(CASE, "en").links]


def test_the_number_is_shown_in_part() -> None:
    assert masked("F000000101") == "F······101"
    assert "F000000101" not in status_answer(CASE, "en").text
