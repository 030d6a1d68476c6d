"""Every text message fits: two parts at most, one for what answers a keyword, in both languages
and with the longest values there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from string import Formatter
from typing import Any

import pytest

from bot.answers.help import answers
from bot.answers.landing import STEPS
from bot.answers.texted import case_text, coarse_text, landing_text, own_part_text
from bot.cases.lines import vocabulary
from bot.cases.views import CaseView, OwnPartView, RequirementView
from bot.landing.place import Place
from bot.landing.reading import Standing
from bot.messages.parts import parts, plain
from bot.phones.composing import MOST_PARTS, compose
from bot.texts import LANGUAGES, catalogue, say

HOST = "https://assistant-passage.cic.gc.ca"
# What a text may be given, at its longest.
LONGEST = {
    "page": HOST + "/fr",
    "url": f"{HOST}/fr/upload/{'a' * 43}",
    "date": "2026-12-31",
    "code": "1234 5678",
    "position": "12345",
    "when": "mercredi 30 septembre 2026 à 12 h 30 (heure de la Saskatchewan)",
}
STEP_NAMES = {
    language: max((say(language, f"sms.landing.step.{step}") for step in STEPS), key=len)
    for language in LANGUAGES
}
TEXTS = sorted(key for key in catalogue() if key.startswith("sms."))
# Parts of a text, not a text.
PIECES = ("sms.case.", "sms.landing.", "sms.talk.menu.", "sms.talk.none_of_these")
DUE = RequirementView("documents", date(2026, 9, 1), date(2026, 12, 31), 30)


def count(text: str) -> int:
    return parts(plain(text)).count


def filled(key: str, language: str) -> str:
    given = {**LONGEST, "step": STEP_NAMES[language]}
    names = {name for _, name, _, _ in Formatter().parse(catalogue()[key][language]) if name}
    assert names <= set(given), f"{key}: what may {names - set(given)} be?"
    return say(language, key, **given)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [key for key in TEXTS if not key.startswith(PIECES)])
def test_every_text_fits(key: str, language: str) -> None:
    most = 1 if key.startswith("sms.keyword.") else MOST_PARTS
    assert count(filled(key, language)) <= most


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_of_the_help_content_has_a_short_form_that_fits(language: str) -> None:
    for intent, replies in answers().general.items():
        short = replies[language].short
        assert short, f"{intent} has none"
        assert count(f"{short}\n{LONGEST['page']}") <= MOST_PARTS, intent


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_a_person_is_offered_the_button_fits_below_the_answer(language: str) -> None:
    for intent in answers().hand_over:
        short = f"{answers().general[intent][language].short}\n{LONGEST['page']}"
        assert stays(short, [say(language, "handoff.button.person")], language), intent


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_is_explained_in_one_text(language: str) -> None:
    for code, shorts in answers().shorts.items():
        assert count(shorts[language]) <= MOST_PARTS, code


def view(**changes: Any) -> CaseView:
    usual: dict[str, Any] = dict.fromkeys(CaseView.__dataclass_fields__)
    usual |= {"product": "citizenship", "overall": "received", "requirements": ()}
    return CaseView(**{**usual, **changes})


def standings() -> list[Standing]:
    usual: dict[str, Any] = dict.fromkeys(Standing.__dataclass_fields__)
    first = Standing(**{**usual, "place": Place(1, 1), "mine": True, "may_do": True})
    stages = ("invited", "profile_ready", "declared", "address_given", "photo_received",
              "in_review", "confirmed", "card_ordered", "card_mailed", "on_hold",
              "outside_canada", "returned")  # fmt: skip
    found = [replace(first, stage=s, to_do=d) for s in stages for d in (None, "declare")]
    returned = [("declaration", "unclear"), ("address", "not_found"), ("photo", "covered")]
    return found + [replace(first, stage="returned", returned=each) for each in returned]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_fits_whatever_is_asked_and_wherever_landing_is(language: str) -> None:
    page = f"{HOST}/{language}"
    asked = ((), (DUE,), (replace(DUE, due_on=None),))
    products = ("permanent_residence", "citizenship")
    overall = ("received", "in_progress", "closed")
    for name, state, items, landing in product(products, overall, asked, [None, *standings()]):
        found = view(product=name, overall=state, requirements=items)
        assert count(case_text(found, landing, language, page)) <= MOST_PARTS
        assert count(coarse_text(found, language, page)) <= MOST_PARTS
        part = OwnPartView("F123456789", "family_spouse", date.today(), None, items)
        assert count(own_part_text(part, language, page)) <= MOST_PARTS
        if landing:
            assert count(f"{landing_text(landing, language)} {page}") <= MOST_PARTS


def choices(*labels: str) -> list[dict[str, Any]]:
    return [{"label": label, "intent": "x", "entities": {}} for label in labels]


def stays(short: str, labels: list[str], language: str) -> bool:
    """Whether a text with these choices goes out, and not the word that it is on the page."""
    text = compose([{"short": short, "choices": choices(*labels)}], language, HOST)
    return len(text.choices) == len(labels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_fits_below_every_text_that_has_it(language: str) -> None:
    menu = [
        say(language, f"sms.talk.menu.{name}") for name in ("status", "next", "time", "landing")
    ]
    welcome = "\n".join(say(language, f"sms.talk.{key}") for key in ("welcome", "privacy"))
    for text in (
        welcome,
        *(say(language, f"sms.talk.{k}") for k in ("help", "cancelled", "restarted")),
    ):
        assert stays(text, menu, language), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_three_meanings_fit_when_a_text_is_not_clear(language: str) -> None:
    """The three that take the most room, of those that leave GSM-7 and of all."""
    keys = [key for key in catalogue() if key.startswith("intents.")]
    labels = [say(language, f"sms.{k}" if f"sms.{k}" in catalogue() else k) for k in keys]
    by_cost = sorted(labels, key=lambda label: (count(label * 9), len(label)), reverse=True)
    by_length = sorted(labels, key=len, reverse=True)
    none = say(language, "sms.talk.none_of_these")
    ask = say(language, "sms.talk.clarify")
    for three in (by_cost[:3], by_length[:3], [by_cost[0], *by_length[:2]]):
        assert stays(ask, [*three, none], language), three


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_three_cases_of_one_person_can_be_chosen_from(language: str) -> None:
    names = sorted(
        (line.names[language] for line in vocabulary().lines.values()), key=len, reverse=True
    )
    assert stays(say(language, "sms.talk.which_case"), names[:3], language), names[:3]
