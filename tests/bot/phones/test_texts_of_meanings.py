"""What is offered when a text message was not understood fits, with the longest labels."""

from __future__ import annotations

import pytest

from bot.phones.composing import compose
from bot.texts import LANGUAGES, catalogue, say
from tests.bot.phones.test_text_lengths import HOST, choices, count

MENU = ("status", "next", "time", "landing")


def label(language: str, key: str) -> str:
    return say(language, f"sms.{key}" if f"sms.{key}" in catalogue() else key)


def costliest(language: str, most: int) -> list[str]:
    labels = [label(language, key) for key in catalogue() if key.startswith("intents.")]
    return sorted(labels, key=lambda each: (count(each * 9), len(each)), reverse=True)[:most]


def fits(key: str, labels: list[str], language: str) -> bool:
    person = label(language, "handoff.button.person")
    body = {"short": say(language, f"sms.talk.{key}"), "choices": choices(*labels, person)}
    return len(compose([body], language, HOST).choices) == len(labels) + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_fits_beside_the_meanings(language: str) -> None:
    assert fits("clarify_again", costliest(language, 2), language)
    assert fits("meant_what", costliest(language, 3), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_fits_below_the_menu(language: str) -> None:
    assert fits("rephrase", [label(language, f"talk.menu.{name}") for name in MENU], language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_fit_with_their_buttons(language: str) -> None:
    body = {
        "short": say(language, "sms.talk.both_languages"),
        "choices": choices("English", "Français"),
    }
    assert len(compose([body], language, HOST).choices) == 2
