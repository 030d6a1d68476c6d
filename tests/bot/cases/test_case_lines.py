"""The lines of business come from data/lines.yml, in the order in which applicants see them."""

from __future__ import annotations

import pytest

from bot.cases.lines import line_name, line_of, sections_of, vocabulary


def test_a_line_has_its_product_names_sections_and_streams() -> None:
    line = line_of("family_spouse")
    assert line.product == "permanent_residence"
    assert line.sections[:2] == ("eligibility", "medical_exam")
    assert "inside_canada_quebec" in line.streams
    assert line_name("fr", "family_spouse") == "Parrainage (époux ou épouse)"


def test_citizenship_sections_stand_in_the_order_of_the_file() -> None:
    assert sections_of("citizenship_adult")[0] == "background_verification"
    assert sections_of("citizenship_adult")[-1] == "citizenship_ceremony"


def test_every_line_belongs_to_a_known_product_and_every_stream_has_a_name() -> None:
    words = vocabulary()
    assert {line.product for line in words.lines.values()} == set(words.products)
    assert {stream for line in words.lines.values() for stream in line.streams} <= set(
        words.streams
    )


def test_an_unknown_line_is_an_error() -> None:
    with pytest.raises(KeyError):
        line_of("express_entry")
