"""What is said beside an answer, on the page and where there is little room."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answers.help import answers
from bot.engine.beside import say_beside
from bot.engine.hearing import Heard
from bot.messages.parts import parts, plain
from bot.phones.composing import MOST_PARTS, compose
from bot.texts import LANGUAGES, say

HOST = "https://assistant-passage.cic.gc.ca"
ALSO = say("fr", "talk.also", what=say("fr", "intents.ask_pr_card"))
HEARD = Heard({}, "fr", followed=True, also=("ask_pr_card", {}), slang=("bgc", "bgc", "le terme"))


def answer(**more: Any) -> list[dict[str, Any]]:
    return [{"text": "La réponse.", "short": "Court.", "lang": "fr", **more}]


def test_on_the_page_the_answer_stays_the_last_line_with_all_buttons() -> None:
    old = {"label": "Voir", "intent": "check_status", "entities": {}}
    first, last = say_beside(answer(choices=[old]), HEARD, "fr", by_text=False)
    assert first["text"] == say("fr", "talk.followed")
    official = say("fr", "talk.official", word="BGC", term="le terme")
    assert last["text"] == f"{official}\n\nLa réponse."
    assert [c["label"] for c in last["choices"]] == [
        "Voir",
        ALSO,
        "English",
    ]


def test_nothing_beside_leaves_the_answer_as_it_is() -> None:
    assert say_beside(answer(), Heard({}, "fr"), "fr", by_text=False) == answer()


def test_in_a_text_message_all_of_it_stands_in_one_text_when_there_is_room() -> None:
    text = compose(say_beside(answer(), HEARD, "fr", by_text=True), "fr", HOST)
    assert "le terme" in text.words and say("fr", "sms.talk.followed") in text.words
    assert [c["label"] for c in text.choices] == [
        ALSO,
        "English",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_room_the_answer_itself_is_texted(language: str) -> None:
    heard = Heard({}, language, followed=True, also=("check_email_genuine", {}), slang=HEARD.slang)
    for intent, replies in answers().general.items():
        line = {"text": "x", "short": f"{replies[language].short}\n{HOST}/{language}"}
        text = compose(say_beside([line], heard, language, by_text=True), language, HOST)
        assert replies[language].short in text.words, intent
        assert parts(plain(text.sent)).count <= MOST_PARTS, intent
