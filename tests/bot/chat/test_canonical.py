"""What a person typed, made safe without losing what they said."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.canonical import MAX_LENGTH, MAX_MARKS, TextRefused, canonical


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Où en est ma demande ?  ", "Où en est ma demande ?"),
        ("l’état de « mon dossier »", "l’état de « mon dossier »"),
        ("one\ntwo\tthree", "one two three"),
        ("/restart", "restart"),
        ("／ﬁle", "file"),
        ("\u200b/check_status", "check_status"),
        ("a/b", "a/b"),
        ("naïve\u0000\u202e", "naïve"),
        ("\ud800hi", "hi"),
    ],
)
def test_the_text_is_kept_and_the_rest_dropped(raw: str, clean: str) -> None:
    assert canonical(raw) == unicodedata.normalize("NFKC", clean)


@pytest.mark.parametrize("raw", ["", "   ", "///", "\u200b\u200b", "\x00"])
def test_a_text_without_anything_to_read_is_refused(raw: str) -> None:
    with pytest.raises(TextRefused, match="text_empty"):
        canonical(raw)


def test_a_thousand_characters_pass_and_one_more_does_not() -> None:
    assert len(canonical("é" * MAX_LENGTH)) == MAX_LENGTH
    with pytest.raises(TextRefused, match="text_too_long"):
        canonical("é" * (MAX_LENGTH + 1))


def test_a_ligature_that_grows_on_normalising_is_counted_after_it() -> None:
    with pytest.raises(TextRefused, match="text_too_long"):
        canonical("ﷺ" * 100)


def test_a_stack_of_marks_is_capped() -> None:
    clean = canonical("e" + "\u0323" * 200)
    assert sum(1 for c in clean if unicodedata.combining(c)) <= MAX_MARKS


@given(st.text(max_size=1_200))
def test_any_text_is_either_refused_or_safe(raw: str) -> None:
    try:
        clean = canonical(raw)
    except TextRefused:
        return
    assert 0 < len(clean) <= MAX_LENGTH
    assert not clean.startswith("/")
    assert canonical(clean) == clean
    clean.encode("utf-8")
