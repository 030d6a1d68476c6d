"""What is said to those who read a case for somebody else, and to a sponsor without consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answers.case import (
    WEB_FORM,
    history_answer,
    next_steps_answer,
    section_answer,
    status_answer,
)
from bot.answers.own_part import own_part_answer
from bot.answers.wording import next_step
from bot.cases.views import HistoryView, OwnPartView, RequirementView, SectionView
from bot.texts import LANGUAGES
from tests.bot.answers.test_case_answers import CASE, DAY

FOR_LEA = RequirementView("passport", DAY, DAY + timedelta(21), 21, "Léa")
MINE = RequirementView("biometrics", DAY, None, None)
OWN_PART = OwnPartView("F000000101", "family_spouse", DAY, DAY, (MINE,))


@pytest.mark.parametrize(("language", "words"), [("en", "(for Léa)"), ("fr", "(pour Léa)")])
def test_a_request_to_somebody_else_says_to_whom_in_words_and_in_the_picture(
    language: str, words: str
) -> None:
    view = replace(CASE, requirements=(FOR_LEA, MINE))
    reply = status_answer(view, language)
    assert reply.card is not None
    case = reply.card["case"]
    assert reply.text.count(words) == 1
    assert [words in item["label"] for item in case["waiting"]] == [True, False]
    assert words in case["timeline"][-1]["label"]
    for item in case["waiting"]:
        assert item["label"] in reply.text


@pytest.mark.parametrize(
    ("language", "mine", "others"),
    [
        ("en", "Waiting on you:", "Asked in this application:"),
        ("fr", "En attente d’une action de votre part\u00a0:",
         "Ce qui est demandé dans ce dossier\u00a0:"),
    ],
)  # fmt: skip
def test_the_heading_says_you_only_when_all_is_asked_of_the_reader(
    language: str, mine: str, others: str
) -> None:
    own = next_steps_answer(replace(CASE, requirements=(MINE,)), language).text
    mixed = next_steps_answer(replace(CASE, requirements=(MINE, FOR_LEA)), language).text
    assert mine in own and others not in own
    assert others in mixed and mine not in mixed


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_told_to_send_what_is_asked_of_others(language: str) -> None:
    own = next_step(replace(CASE, requirements=(MINE, FOR_LEA)), language)
    others = next_step(replace(CASE, requirements=(FOR_LEA,)), language)
    assert own.startswith(("Send", "Envoyez"))
    assert not others.startswith(("Send", "Envoyez"))


@pytest.mark.parametrize(
    ("language", "asked", "met"),
    [
        ("en", "Asked of Léa: Passport", "Received from Léa: Passport"),
        ("fr", "On a demandé à Léa\u00a0: Passeport", "Léa a fourni\u00a0: Passeport"),
    ],
)
def test_the_history_says_of_whom_something_was_asked(language: str, asked: str, met: str) -> None:
    events = tuple(
        HistoryView(DAY, event, "passport", None, None, "Léa")
        for event in ("requirement_asked", "requirement_met")
    )
    view = replace(CASE, history=events)
    assert asked in history_answer(view, language).text
    assert met in history_answer(view, language).text
    card = status_answer(view, language).card
    assert card is not None
    assert [entry["label"] for entry in card["case"]["timeline"][:2]] == [asked, met]


def test_a_section_that_waits_says_on_whom() -> None:
    section = SectionView("eligibility", "waiting_on_you", DAY)
    view = replace(CASE, sections=(section,), requirements=(FOR_LEA,))
    assert "(for Léa)" in section_answer(view, "eligibility", "en").text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("F······101", "Received: March 1, 2026", "Receipt acknowledged: March 1, 2026",
                "Biometrics", "written consent", "IMM 5475")),
        ("fr", ("F······101", "Reçue le 1er mars 2026", "Accusé de réception", "biométriques",
                "consentement écrit", "IMM 5475")),
    ],
)  # fmt: skip
def test_a_sponsor_without_consent_learns_their_own_part_and_how_to_learn_more(
    language: str, words: tuple[str, ...]
) -> None:
    reply = own_part_answer(OWN_PART, language)
    for word in words:
        assert word in reply.text, word
    assert reply.card is None
    assert [url for _, url in reply.links if url == WEB_FORM[language]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_own_part_without_acknowledgement_and_requests_says_so(language: str) -> None:
    text = own_part_answer(replace(OWN_PART, acknowledged_on=None, requirements=()), language).text
    assert ("not acknowledged" in text) or ("pas encore envoyé" in text)
    assert ("Nothing is waiting" in text) or ("Aucune action" in text)
