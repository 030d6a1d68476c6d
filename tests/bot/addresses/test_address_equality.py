"""The same door, however it is written."""

from __future__ import annotations

import pytest

from bot.addresses import Address, is_same

MAIN = Address("123 Main St W", "4B", "Montréal", "QC", "H2Z 1A4")
SAME = [
    Address("123 MAIN STREET WEST", "4b", "MONTREAL", "QC", "H2Z 1A4"),
    Address("123 Main St. O.", "4B", "montréal", "QC", "H2Z 1A4"),
    Address("123, Main St Ouest", "4B", "Montre\u0301al", "QC", "H2Z 1A4"),
]
OTHER = [
    Address("124 Main St W", "4B", "Montréal", "QC", "H2Z 1A4"),
    Address("123 Main St E", "4B", "Montréal", "QC", "H2Z 1A4"),
    Address("123 Main St W", "4C", "Montréal", "QC", "H2Z 1A4"),
    Address("123 Main St W", "", "Montréal", "QC", "H2Z 1A4"),
    Address("123 Main Rd W", "4B", "Montréal", "QC", "H2Z 1A4"),
    Address("123 Main St W", "4B", "Laval", "QC", "H2Z 1A4"),
    Address("123 Main St W", "4B", "Montréal", "ON", "H2Z 1A4"),
    Address("123 Main St W", "4B", "Montréal", "QC", "H2Z 1A5"),
]


@pytest.mark.parametrize("other", SAME)
def test_ways_of_writing_do_not_count(other: Address) -> None:
    assert is_same(MAIN, other) and MAIN.key == other.key and hash(MAIN) == hash(other)


@pytest.mark.parametrize("other", OTHER)
def test_another_door_is_another_address(other: Address) -> None:
    assert not is_same(MAIN, other) and MAIN.key != other.key


def test_french_types_and_saints_are_the_same_long_and_short() -> None:
    long = Address("9 boulevard Saint-Joseph Est", "", "Sainte-Thérèse", "QC", "J7E 1A1")
    short = Address("9 boul. St-Joseph E", "", "Ste-Thérèse", "QC", "J7E 1A1")
    assert is_same(long, short)
    assert long != "9 boulevard Saint-Joseph Est"


def test_the_envelope_names_the_province_as_its_language_does() -> None:
    assert MAIN.lines("en") == ("4B-123 Main St W", "Montréal QC  H2Z 1A4")
    assert MAIN.lines("fr") == ("4B-123 Main St W", "Montréal (Québec)  H2Z 1A4")
