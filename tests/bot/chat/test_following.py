"""The conversation's language follows the person, and says once which two there are."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.following import to_follow

FRENCH = "où en est ma demande maintenant"


def parsed(name: str, confidence: float = 0.99, intent: str = "check_status") -> dict[str, Any]:
    return {
        "intent": {"name": intent, "confidence": 1.0},
        "language": {"name": name, "confidence": confidence},
    }


def test_five_words_in_the_other_language_are_followed() -> None:
    assert to_follow(parsed("fr"), FRENCH, "en", []) == "fr"
    assert to_follow(parsed("en"), "where is my application now", "fr", []) == "en"


def test_the_language_of_the_conversation_changes_nothing() -> None:
    assert to_follow(parsed("fr"), FRENCH, "fr", []) is None


@pytest.mark.parametrize("text", ["mon AOR svp", "[1] 2 3 4 5 6", "⟦uci⟧ ⟦uci⟧ ⟦uci⟧ ma demande"])
def test_a_few_words_are_not_enough(text: str) -> None:
    assert to_follow(parsed("fr"), text, "en", []) is None


def test_an_unsure_language_is_not_followed() -> None:
    assert to_follow(parsed("fr", 0.85), FRENCH, "en", []) is None


def test_a_wish_for_a_language_is_left_to_its_own_answer() -> None:
    asked = parsed("fr", intent="switch_language")
    assert to_follow(asked, "je veux parler en français svp", "en", []) is None


def test_whoever_went_back_is_not_followed_again() -> None:
    before = [{**parsed("fr"), "follows": "fr"}, parsed("en", intent="switch_language")]
    assert to_follow(parsed("fr"), FRENCH, "en", before) is None
    assert to_follow(parsed("fr"), FRENCH, "en", before[:1]) == "fr"


def test_another_language_is_told_once_that_there_are_two() -> None:
    spanish = "dónde está mi solicitud de residencia"
    assert to_follow(parsed("other"), spanish, "en", []) == "other"
    told = [{**parsed("other"), "follows": "other"}]
    assert to_follow(parsed("other"), spanish, "en", told) is None


def test_another_alphabet_needs_no_five_words() -> None:
    assert to_follow(parsed("other", 1.0), "مرحبا", "en", []) == "other"
    assert to_follow(parsed("other", 1.0), "hola", "en", []) is None


def test_what_cannot_be_answered_anyway_is_sooner_taken_for_another_language() -> None:
    spanish = "dónde está mi solicitud de residencia"
    assert to_follow(parsed("other", 0.8), spanish, "en", []) is None
    lost = parsed("other", 0.8, intent="out_of_scope")
    assert to_follow(lost, spanish, "en", []) == "other"


def test_a_model_without_languages_changes_nothing() -> None:
    assert to_follow({"intent": {"name": "greet"}}, FRENCH, "en", []) is None
