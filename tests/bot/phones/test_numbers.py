"""Phone numbers in their one form, of the countries that we text only."""

from __future__ import annotations

import pytest

from bot.phones.finding import phone_of
from bot.phones.numbers import masked_number, normal_number
from bot.rotation import rotate
from bot.store import Database, Keys, Phone
from tests.conftest import SECRET_KEY


@pytest.mark.parametrize(
    "raw",
    [
        "+16135550142",
        "613-555-0142",
        "(613) 555-0142",
        "1 613 555 0142",
        "613.555.0142",
        "6135550142",
    ],
)
def test_one_number_has_one_form(raw: str) -> None:
    assert normal_number(raw) == "+16135550142"


@pytest.mark.parametrize(
    "raw",
    [
        "", "12345", "+1613555014", "+447911123456", "+18769261111", "+18095551234", "+18005551234",
        "+19005551234", "+16135550142 ext 5", "0" * 100, "phone", "+1 876 555 0142", "266696687",
    ],
)  # fmt: skip
def test_what_we_do_not_text_is_no_number(raw: str) -> None:
    assert normal_number(raw) is None


def test_the_countries_are_a_setting() -> None:
    assert normal_number("+14155552671", ("CA",)) is None
    assert normal_number("+447400123456", ("CA", "GB")) == "+447400123456"


def test_a_number_is_shown_by_its_end_only() -> None:
    assert masked_number("+16135550142") == "••• ••• 0142"


def test_a_number_is_found_again_and_not_readable(database: Database) -> None:
    with database.write() as session:
        first = phone_of(session, "+16135550142", "fr").id
    with database.write() as session:
        again = phone_of(session, "+16135550142", "en")
        assert (again.id, again.language) == (first, "fr")
        assert b"5550142" not in bytes(again.number_index)
        assert phone_of(session, "+16135550143", "en").id != first
        assert session.get(Phone, first).number == "+16135550142"


def test_a_number_is_found_during_a_rotation_of_the_secret_and_after_it(
    database: Database,
) -> None:
    new = "vT5mJ8xY2rL9eW4nH7kQ1zB6cF3dG0sPuAiN"
    with database.write() as session:
        first = phone_of(session, "+16135550142", "fr").id
    for keys, rotates in ((Keys(new, SECRET_KEY), True), (Keys(new), False)):
        again = Database(database.url, keys)
        with again.write() as session:
            assert phone_of(session, "+16135550142", "en").id == first
        if rotates:
            rotate(again)
        again.close()
