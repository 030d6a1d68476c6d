"""Text messages are counted as the phone network counts them, and keep every letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.budgets import last_words
from bot.messages.parts import parts, plain
from bot.texts import LANGUAGES
from tests.conftest import make_settings

# From real texts of the department, with what each must become.
PUNCTUATION = {
    "l’état « En cours »": 'l\'état "En cours"',
    "l’état «\u00a0En cours\u00a0»\u00a0: 1\u202f000\u00a0$": 'l\'état "En cours" : 1 000 $',
    "Wait… done – or not — “yes”": 'Wait... done - or not - "yes"',
    "10–12 days, −5 °C": "10-12 days, -5 deg C",
    "le n° 5, N° 6": "le no 5, No 6",
    "1½ hour, ½ page": "1 1/2 hour, 1/2 page",
    "• one\n• two": "- one\n- two",
    "Passage™ ©2026": "Passage(TM) (C)2026",
    "soft\u00adhyphen, zero\u200bwidth": "softhyphen, zerowidth",
    "e\u0301te\u0301": "été",
    "line one  \r\nline two": "line one\nline two",
}


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        ("", "GSM-7", 0),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("é" * 150, "GSM-7", 1),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        # A character of two septets is not divided: 152 + 2 do not fit into one part.
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3),
        ("a" * 151 + "€" + "a" * 153, "GSM-7", 2),
        ("ç" * 70, "UCS-2", 1),
        ("ç" * 71, "UCS-2", 2),
        ("ç" * 134, "UCS-2", 2),
        ("ç" * 135, "UCS-2", 3),
        ("😀" * 35, "UCS-2", 1),
        # 67 units hold 33 of these and half of one.
        ("😀" * 66, "UCS-2", 2),
        ("😀" * 67, "UCS-2", 3),
    ],
)
def test_parts_are_counted_as_the_network_does(text: str, encoding: str, count: int) -> None:
    assert (parts(text).encoding, parts(text).count) == (encoding, count)


@pytest.mark.parametrize(("typed", "sent"), PUNCTUATION.items())
def test_punctuation_becomes_plain_and_keeps_its_sense(typed: str, sent: str) -> None:
    assert plain(typed) == sent
    assert parts(sent).encoding == "GSM-7"


def test_no_letter_of_french_is_changed() -> None:
    letters = "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ"
    assert plain(letters) == letters


@given(st.text(max_size=300))
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("host", ["localhost:8080", "passage.apps.cic.gc.ca", "x" * 60 + ".ca"])
def test_the_last_words_of_a_day_are_one_part(tmp_path, language: str, host: str) -> None:
    settings = make_settings(tmp_path, "sqlite://", public_url=f"https://{host}")
    assert parts(last_words(settings, language)).count == 1
