"""The words that mean one thing only, and what only looks like one."""

from __future__ import annotations

import pytest

from bot.messages.parts import parts, plain
from bot.phones.keywords import Keyword, keyword
from bot.texts import LANGUAGES, say
from tests.campaigns.opt_out import NOT_MEANT, SPELLINGS


@pytest.mark.parametrize(("text", "language"), SPELLINGS.items())
def test_every_spelling_of_stop_is_one(text: str, language: str) -> None:
    found = keyword(text)
    assert found is not None
    assert found.kind == "stop"
    assert (found.language or "en") == language


@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_says_more_is_none(text: str) -> None:
    assert keyword(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Start", Keyword("start", None)),
        ("UNSTOP", Keyword("start", None)),
        ("yes", Keyword("again", "en")),
        ("Oui!", Keyword("again", "fr")),
        ("help", Keyword("help", "en")),
        ("Aide-moi", Keyword("help", "fr")),
        ("INFO", Keyword("help", None)),
        ("wrong number", Keyword("wrong", "en")),
        ("Mauvais numéro.", Keyword("wrong", "fr")),
        ("MAUVAIS NUMERO", Keyword("wrong", "fr")),
    ],
)
def test_the_other_words(text: str, found: Keyword) -> None:
    assert keyword(text) == found


@pytest.mark.parametrize("text", ["", "   ", "!!!", "👍", "please", "text me", "x" * 5_000, "ёёё"])
def test_nothing_and_anything_are_no_word(text: str) -> None:
    assert keyword(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["stop", "start", "help", "wrong"])
def test_the_reply_to_a_word_says_who_we_are_in_one_part(kind: str, language: str) -> None:
    page = f"https://assistant-passage.cic.gc.ca/{language}"
    text = plain(say(language, f"sms.keyword.{kind}", page=page))
    assert text.startswith("Passage")
    assert parts(text).count == 1


def test_no_word_that_the_carrier_takes_is_asked_for_in_dialogue() -> None:
    """The words in capitals in our texts are what we ask people to text."""
    import re

    from bot.texts import catalogue

    taken = {"CANCEL", "END", "QUIT", "YES", "OUI", "FIN"}
    for key, texts in catalogue().items():
        if key.startswith("sms."):
            words = {word for text in texts.values() for word in re.findall(r"\b[A-Z]{3,}\b", text)}
            assert not words & taken, key
