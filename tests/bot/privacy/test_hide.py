"""Personal details typed into the chat are hidden; what the question needs is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.privacy.details import hide
from tests.bot.privacy import english, french
from tests.bot.privacy.lines import marked


def pairs(line: str, *known: str) -> list[tuple[str, str]]:
    """Kind and value of everything found in `line`."""
    return [(found.kind, found.value) for found in hide(line, known).found]


@pytest.mark.parametrize("line", english.DETAILS + french.DETAILS)
def test_every_detail_in_a_line_is_found_and_named(line: str) -> None:
    typed, hidden, details = marked(line)
    assert hide(typed).text == hidden
    assert pairs(typed) == details


@pytest.mark.parametrize("line", english.ORDINARY + french.ORDINARY)
def test_a_line_without_details_stays_as_it_is(line: str) -> None:
    assert hide(line).text == line
    assert hide(line).found == ()


@pytest.mark.parametrize(
    "secret",
    [
        "0000-0101",
        "00-0000-0101",
        "0000000101",
        "F000000101",
        "f 000 000 101",
        "EP12345678",
        "CAN000123456789",
        "613-555-0123",
        "(613) 555 0123",
        "+1 613 555 0123",
        "1234 5678",
        "amara.diallo@example.ca",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "my number is {} please", "voici : {}.", "({})", '"{}",'])
def test_an_identifier_needs_no_words_around_it(secret: str, frame: str) -> None:
    assert [value for _, value in pairs(frame.format(secret))] == [secret]


@pytest.mark.parametrize("language", ["english", "french"])
@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_identifiers_are_found_whatever_the_case(
    language: str, change: Callable[[str], str]
) -> None:
    always = {"uci", "application_number", "code", "email", "phone", "number"}
    for line in {"english": english, "french": french}[language].DETAILS:
        typed, _, details = marked(line)
        values = [value for _, value in pairs(change(typed))]
        for kind, value in details:
            assert kind not in always or change(value) in values, typed


# What the file of the signed-in person knows.


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("is tremblay spelled right", "is ⟦name⟧ spelled right"),
        ("TREMBLAY, Amélie", "⟦name⟧, ⟦name⟧"),
        ("amelie tremblay", "⟦name⟧ ⟦name⟧"),
        ("jean pierre or Jean-Pierre or pierre", "⟦name⟧ or ⟦name⟧ or ⟦name⟧"),
        ("i am at 12 MAIN street now", "i am at ⟦address⟧ now"),
        ("oedipe", "⟦name⟧"),
        ("Œdipe", "⟦name⟧"),
        ("tremblays and tremblayesque", "tremblays and tremblayesque"),
        ("main street is closed", "main street is closed"),
        ("li and de la cruz and Cruz", "li and ⟦name⟧ and ⟦name⟧"),
    ],
)
def test_known_names_are_hidden_as_whole_words(line: str, left: str) -> None:
    known = ["Tremblay", "Amélie", "Jean-Pierre", "12 Main Street", "Œdipe", "Li", "de la Cruz"]
    assert hide(line, known).text == left


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("will it take long", "will it take long"),
        ("Will it take long? May I ask?", "Will it take long? May I ask?"),
        ("that is for Will and Grand", "that is for ⟦name⟧ and ⟦name⟧"),
        ("mark it as urgent", "mark it as urgent"),
        ("a long wait, Mr Long", "a long wait, Mr ⟦name⟧"),
    ],
)
def test_a_known_name_that_is_a_common_word_needs_a_capital_inside_a_sentence(
    line: str, left: str
) -> None:
    assert hide(line, ["Will", "Long", "May", "Mark", "Grand"]).text == left


def test_a_known_address_is_hidden_though_it_looks_like_none() -> None:
    assert hide("i stay at 7 les tilleuls", ["7 Les Tilleuls"]).text == "i stay at ⟦name⟧"


# Tokens and brackets.


def test_a_typed_token_stays_and_is_no_find() -> None:
    assert pairs("my ⟦uci⟧ and ⟦name⟧") == []
    assert hide("my ⟦uci⟧ and ⟦name⟧").text == "my ⟦uci⟧ and ⟦name⟧"


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("⟦secret⟧", "[secret]"),
        ("⟦uci", "[uci"),
        ("⟦⟦uci⟧⟧", "[⟦uci⟧]"),
        ("⟦0000-0101⟧", "[⟦uci⟧]"),
        ("⟦UCI⟧", "[UCI]"),
        ("a ⟧ b ⟦ c", "a ] b [ c"),
    ],
)
def test_any_other_bracket_becomes_an_ordinary_one(typed: str, left: str) -> None:
    assert hide(typed).text == left


def test_the_words_inside_a_token_introduce_nothing() -> None:
    line = "⟦code⟧ 123456 ⟦birth_date⟧ 2001-02-03 ⟦name⟧ john"
    assert hide(line).text == line


def test_places_are_those_of_the_typed_text() -> None:
    typed = "⟦x⟧ uci 0000-0101 ⟦phone⟧ and a@example.ca"
    assert [typed[f.start : f.end] for f in hide(typed).found] == ["0000-0101", "a@example.ca"]


# Two finds at one place.


@pytest.mark.parametrize(
    ("typed", "details"),
    [
        ("name: amara.diallo@example.ca", [("email", "amara.diallo@example.ca")]),
        ("6135550123@example.ca", [("email", "6135550123@example.ca")]),
        ("12 Main St, Ottawa ON K1A 0B1", [("address", "12 Main St, Ottawa ON K1A 0B1")]),
        ("dob 19900501", [("birth_date", "19900501")]),
        ("passport A12345678", [("passport", "A12345678")]),
        ("613-555-0123 0000-0101", [("phone", "613-555-0123"), ("uci", "0000-0101")]),
    ],
)
def test_the_longest_then_the_more_specific_find_wins(
    typed: str, details: list[tuple[str, str]]
) -> None:
    assert pairs(typed) == details


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("12345678", ["uci"]),
        ("code 12345678", ["code"]),
        ("vérification 12345678", ["code"]),
        ("my uci, not my code, is 12345678", ["code"]),
        ("my code is 123456", ["code"]),
        ("I waited 123456", []),
        ("0000000101", ["uci"]),
        ("6135550123", ["phone"]),
        ("my uci is 6135550123", ["uci"]),
        ("tax years 2021-2022", []),
        ("my uci is 2021-2022", ["uci"]),
        ("received on 20230501", []),
        ("uci 20230501", ["uci"]),
    ],
)
def test_words_and_grouping_say_what_a_number_is(typed: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in pairs(typed)] == kinds


def test_digits_of_other_scripts_are_digits() -> None:
    assert pairs("رقمي ٠٠٠٠-٠١٠١") == [("uci", "٠٠٠٠-٠١٠١")]
