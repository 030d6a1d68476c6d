"""Corrections, wishes for simpler words, slang and several requests, by their words."""

from __future__ import annotations

import pytest

from bot.chat.phrases import asks, corrects, slang_in, wants_simpler
from bot.chat.several import requests_in


@pytest.mark.parametrize(
    "text",
    ["no, the other one", "the other please", "Not that one!", "That's not what I asked",
     "wrong application",
     "non, l’autre", "pas celle-là", "c'est pas ce que je demande", "vous avez mal compris"],
)  # fmt: skip
def test_a_correction_is_heard(text: str) -> None:
    assert corrects(text)


@pytest.mark.parametrize(
    "text",
    ["no", "non merci", "I want to withdraw my application",
     "I applied for my wife last year and the other one of my files is still not moving at all",
     "mon adresse a changé", "I need the other form", "il faut l'autre formulaire"],
)  # fmt: skip
def test_something_else_is_no_correction(text: str) -> None:
    assert not corrects(text)


@pytest.mark.parametrize(
    "text", ["simpler please", "I don’t understand", "en plus simple svp", "j'ai pas compris"]
)
def test_a_wish_for_simpler_words_is_heard(text: str) -> None:
    assert wants_simpler(text)


def test_a_wish_to_hear_it_again_is_not_one_for_simpler_words() -> None:
    assert not wants_simpler("repeat that please")
    assert not wants_simpler("répétez s’il vous plaît")


def test_slang_has_its_official_term_in_both_languages() -> None:
    assert slang_in("my BGC not moving", "en") == ("bgc", "BGC", "background verification")
    assert slang_in("mon bgc bouge pas", "fr") == ("bgc", "bgc", "vérification des antécédents")
    assert slang_in("my background verification", "en") is None


def test_slang_inside_another_word_is_none() -> None:
    assert slang_in("palm tree, admin, spa", "en") is None


@pytest.mark.parametrize(
    "text",
    ["how do I change my address? Also when does the card come",
     "comment changer mon adresse et quand arrive la carte"],
)  # fmt: skip
def test_a_message_with_two_requests_is_divided(text: str) -> None:
    assert len(requests_in(text)) == 2


def test_single_words_are_no_parts() -> None:
    assert requests_in("nom et adresse") == []
    assert requests_in("merci. et mon adresse?") == ["mon adresse?"]


def test_a_long_story_is_not_divided_without_end() -> None:
    assert len(requests_in("I did this. " * 50)) == 4


def test_what_is_only_told_asks_nothing() -> None:
    assert asks("when does it come") and asks("ça vient ?") and asks("je veux ma carte")
    assert not asks("got my AOR") and not asks("mon dossier est parti hier")
