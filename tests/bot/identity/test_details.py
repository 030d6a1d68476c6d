"""The details form is read tolerantly, and what cannot be right is named."""

from __future__ import annotations

from datetime import date

import pytest

from bot.identity.details import DetailsInvalid, Representative, parse_details
from tests.bot.identity.people import client_form, rep_form

FORM = {"uci": "0000-0101", "number": "f 000 000 101", "family_name": "Diallo",
        "given_names": "Amara", "birth_date": "1990/2/1", "birth_place": "Conakry"}  # fmt: skip


def test_the_form_is_read_tolerantly() -> None:
    details = parse_details(FORM)
    assert (details.uci, details.number) == ("00000101", "F000000101")
    assert details.birth_date == date(1990, 2, 1)
    assert details.representative is None


def test_a_representative_gives_their_own_names_besides() -> None:
    details = parse_details(rep_form(101, party_id=" r-000 0101 "))
    assert details.representative == Representative("R0000101", "Okafor", "Ngozi")
    assert details.uci == "00000101"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uci", "123"),
        ("uci", "123456789"),
        ("number", "000000101"),
        ("birth_date", "31/12/1990"),
        ("birth_date", "1990-02-30"),
        ("birth_date", "2190-02-01"),
        ("birth_date", "1850-02-01"),
        ("birth_date", ""),
        ("family_name", "   "),
        ("given_names", "-"),
        ("birth_place", ""),
        ("birth_place", "x" * 121),
    ],
)
def test_a_field_that_cannot_be_right_is_named(field: str, value: str) -> None:
    with pytest.raises(DetailsInvalid) as caught:
        parse_details({**FORM, field: value})
    assert caught.value.errors == {field: f"identity.error.{field}"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("party_id", "R1"),
        ("party_id", ""),
        ("own_family_name", " "),
        ("own_given_names", "x" * 121),
    ],
)
def test_a_field_of_the_representative_is_named_too(field: str, value: str) -> None:
    with pytest.raises(DetailsInvalid) as caught:
        parse_details(rep_form(101, **{field: value}))
    assert caught.value.errors == {field: f"identity.error.{field}"}


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(DetailsInvalid) as caught:
        parse_details(dict.fromkeys(client_form(101), "-"))
    assert set(caught.value.errors) == set(client_form(101))


def test_a_field_that_was_not_sent_is_wrong() -> None:
    with pytest.raises(DetailsInvalid) as caught:
        parse_details({})
    assert set(caught.value.errors) == set(client_form(101))
