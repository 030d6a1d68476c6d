"""Addresses inside sentences: what stands there is found, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.addresses import FIELDS, Address, check_address, find_address

SENTENCES = [
    ("I moved to 4B-123 Main St, Ottawa ON K1A 0B1", "123 Main St|4B|Ottawa|ON|K1A 0B1"),
    (
        "j'ai déménagé au 123, rue Principale app. 4, Gatineau (Québec) J8X 2K1",
        "123 rue Principale|4|Gatineau|QC|J8X 2K1",
    ),
    ("my new address is 55 Bay Street, Toronto", "55 Bay Street||Toronto||"),
    ("i live at 55 bay st e toronto on m5j 2n2", "55 Bay St E||Toronto|ON|M5J 2N2"),
    ("On 15 November I moved to 123 Main St in Ottawa.", "123 Main St||Ottawa||"),
    (
        "88 boul. René-Lévesque Ouest Montréal QC H2Z 1A4",
        "88 boul. René-Lévesque Ouest||Montréal|QC|H2Z 1A4",
    ),
    (
        "Apt 5, 12 King St W, Saint John, New Brunswick, E2L 1G2 thanks",
        "12 King St W|5|Saint John|NB|E2L 1G2",
    ),
    ("1234 Highway 7 RR 3, Perth ON K7H 3C5", "1234 Highway 7 RR 3||Perth|ON|K7H 3C5"),
    ("123 4e Avenue, Québec (QC) G1J 3A1", "123 4e Avenue||Québec|QC|G1J 3A1"),
    ("450 Broadway, Winnipeg MB R3C 0V8", "450 Broadway||Winnipeg|MB|R3C 0V8"),
    (
        "je reste au 12 rue de la Paix à Saint-Louis-du-Ha! Ha!, Québec G0L 3S0",
        "12 rue de la Paix||Saint-Louis-du-Ha! Ha!|QC|G0L 3S0",
    ),
    ("mon code postal est maintenant h2z1a4", "||||H2Z 1A4"),
    ("We moved to Nova Scotia", "|||NS|"),
    ("please send the card to PO Box 4, Ottawa ON K1A 0B1", "|||ON|K1A 0B1"),
    ("update my address", "||||"),
    ("I moved on 3 May, 2 weeks ago, to my sister's place", "||||"),
    ("In 2024 I moved to Main St", "||||"),
    ("what do I do about my address", "||||"),
    ("Je veux changer d'adresse, ça presse", "||||"),
    ("", "||||"),
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES)
def test_what_stands_in_the_sentence_is_found(sentence: str, expected: str) -> None:
    found = find_address(sentence)
    assert "|".join(found.get(name, "") for name in FIELDS) == expected


def test_a_full_sentence_gives_an_address_that_can_be_confirmed() -> None:
    assert isinstance(check_address(find_address(SENTENCES[0][0])), Address)
    assert isinstance(check_address(find_address(SENTENCES[1][0])), Address)


_WORDS = """I moved to 123 4B-123 Main St, rue Principale app. 4 Ottawa, ON (Québec) K1A 0B1 H2Z1A4
 in à on PO Box 12 Highway 7 RR , . ! 2 weeks ago"""
WORDS = st.sampled_from([*_WORDS.split(), "\u202e", "\x00"])


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(WORDS, max_size=14).map(" ".join), st.text(max_size=80)))
def test_any_sentence_can_be_read_and_nothing_is_invented(sentence: str) -> None:
    said = [word for word in "".join(c if c.isalnum() else " " for c in sentence).lower().split()]
    for name, value in find_address(sentence).items():
        assert value
        if name in ("street", "city"):
            words = "".join(c if c.isalnum() else " " for c in value).lower().split()
            assert set(words) <= set(said), (name, value)


def test_long_texts_are_read_in_bounded_time() -> None:
    for piece in ("1 a ", "123 rue ", "1-", "a, ", "12 Main St "):
        find_address(piece * 5000)
