"""The help content is whole: every intent that a stranger may have is answered, in both languages,
with a day, for somebody, from official pages in the language of the answer."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.answers import help as content
from bot.clock import today
from bot.texts import LANGUAGES
from bot.texts.dates import long_date
from bot.yaml_files import read_yaml

ROOT = Path(__file__).parents[3]
# Answered by an action or a response of their own: there is nothing to look up in a page.
OF_THE_CONVERSATION = {
    "request_agent", "greet", "goodbye", "thank", "affirm", "deny", "cancel", "restart",
    "ask_help", "ask_if_bot", "switch_language", "repeat", "inform", "out_of_scope",
}  # fmt: skip
WHOLE: dict[str, Any] = {
    "checked": date(2026, 11, 1),
    "for": {"en": "everybody", "fr": "à tout le monde"},
    **{
        language: {"text": "x", "short": "x", "links": [{"label": "x", "url": "https://canada.ca"}]}
        for language in LANGUAGES
    },
}


def test_every_intent_of_the_catalogue_has_an_answer_or_belongs_to_the_conversation() -> None:
    catalogue = set(read_yaml(ROOT / "data" / "intents.yml")["intents"])
    assert set(content.answers().general) == catalogue - OF_THE_CONVERSATION
    assert len(catalogue) == 58


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_ends_with_its_day_which_is_not_to_come(language: str) -> None:
    for intent, replies in content.answers().general.items():
        checked = content.answers().checked[intent]
        assert checked <= today(), intent
        assert long_date(language, checked) in replies[language].text.splitlines()[-1], intent


def test_every_file_is_named_by_its_intent() -> None:
    for path in content.FOLDER.glob("*.yml"):
        assert read_yaml(path)["intent"] == path.stem


def test_french_answers_link_to_french_pages_and_english_ones_to_english_pages() -> None:
    other = {"en": r"/fr/|francais|lang=fr|-fra\.", "fr": r"/en/|english|lang=en|-eng\."}
    for intent, replies in content.answers().general.items():
        for language in LANGUAGES:
            wrong = [url for _, url in replies[language].links if re.search(other[language], url)]
            assert not wrong, intent


def test_no_answer_says_what_will_be_decided() -> None:
    """The words of an outcome stand only beside the others, or with a `not`."""
    said = [r[lang].text for r in content.answers().general.values() for lang in LANGUAGES]
    said += [term[lang] for term in content.answers().terms.values() for lang in LANGUAGES]
    foretold = r"you will be (approved|accepted|refused)|will be approved|good sign|bad sign"
    foretold += r"|vous serez (approuv|accept|refus)|sera (approuvée|refusée)|bon signe"
    assert not [text for text in said if re.search(foretold, text, re.I)]


@pytest.mark.parametrize("left_out", ["checked", "for", "en", "fr"])
def test_a_file_that_is_not_whole_is_refused_with_its_name(left_out: str) -> None:
    raw = {name: value for name, value in WHOLE.items() if name != left_out}
    with pytest.raises(content.AnswerError, match=r"x\.yml"):
        content._replies(Path("x.yml"), raw)


@pytest.mark.parametrize("url", ["https://canada.ca.example.org/", "http://example.ca/", ""])
def test_a_page_that_is_not_official_is_refused(url: str) -> None:
    raw = {**WHOLE, "fr": {**WHOLE["fr"], "links": [{"label": "x", "url": url}]}}
    with pytest.raises(content.AnswerError):
        content._replies(Path("x.yml"), raw)


def test_a_link_in_one_language_only_is_refused() -> None:
    raw = {**WHOLE, "fr": {**WHOLE["fr"], "links": WHOLE["fr"]["links"] * 2}}
    with pytest.raises(content.AnswerError):
        content._replies(Path("x.yml"), raw)
