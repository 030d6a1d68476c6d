"""What the confirmation says, to whoever reads it printed."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ecopr import CannotPrint, make_ecopr
from bot.ecopr.printing import _SIZES
from bot.texts import LANGUAGES, say
from tests.bot.ecopr.confirmations import ADULT, CHILD, a_photo, printed

FIELDS = ("family_name", "given_names", "birth_place", "uci", "application_number", "number")
GUARDIAN_ONLY = (
    "page.guardian_signature",
    "page.relationship",
    "field.guardian",
    "duty.sign_guardian",
)
OWN_ONLY = ("page.signature", "duty.sign_own")


def said(key: str) -> list[str]:
    texts = [say(language, f"ecopr.{key}", day="") for language in LANGUAGES]
    return [" ".join(text.split()) for text in texts]


def test_it_shows_the_right_person() -> None:
    text = printed(ADULT)
    for name in FIELDS:
        assert getattr(ADULT, name) in text
    for value in ("1990-03-12", "2026-11-22", "2026-11-23", "4B-123 rue Principale", "J8X 2K1"):
        assert value in text


def test_both_languages_say_the_same_things() -> None:
    text = printed(ADULT)
    keys = ["page.title", "page.issuer", "page.what", "page.sign", "page.date", "page.signature"]
    keys += [
        f"duty.{duty}" for duty in ("check", "sign_own", "keep", "travel", "download", "error")
    ]
    keys += [f"field.{name}" for name in (*FIELDS, "became_resident_on", "issued_at", "address")]
    assert [(k, t) for k in keys for t in said(k) if t not in text] == []
    assert "permanent resident of Canada on November 22, 2026" in text
    assert "résidence permanente au Canada le 22 novembre 2026" in text


def test_an_adult_signs_and_no_guardian_is_asked() -> None:
    text = printed(ADULT)
    assert [key for key in OWN_ONLY for t in said(key) if t not in text] == []
    assert [key for key in GUARDIAN_ONLY for t in said(key) if t in text] == []


def test_for_a_child_under_14_the_guardian_signs_and_the_child_does_not() -> None:
    text = printed(CHILD)
    assert "Trần Văn Minh" in text
    assert [key for key in GUARDIAN_ONLY for t in said(key) if t not in text] == []
    assert [key for key in OWN_ONLY for t in said(key) if t in text] == []


def test_somebody_signs_and_only_one() -> None:
    with pytest.raises(ValueError):
        replace(ADULT, guardian="Trần Văn Minh")
    with pytest.raises(ValueError):
        replace(ADULT, signs_self=False)
    with pytest.raises(ValueError):
        replace(ADULT, issued_at=ADULT.issued_at.replace(tzinfo=None))


def test_specimen_stands_on_a_specimen_and_nowhere_else() -> None:
    real, specimen = printed(ADULT), printed(replace(ADULT, specimen=True))
    marks = [*said("page.specimen"), *said("page.specimen_note")]
    assert [mark for mark in marks if mark not in specimen] == []
    assert "SPECIMEN" not in real.upper() and "SPÉCIMEN" not in real.upper()
    for name in FIELDS:
        assert getattr(ADULT, name) in specimen


HOSTILE = [
    '#image("/etc/passwd")',
    "*bold* _it_ `raw`",
    "$ x^2 $",
    "= Heading",
    "- item / term: x",
    "\\u{41} \\\\ \\#",
    "\"quoted\" 'single'",
    "<label> @ref",
    "https://example.org // c",
    "#{1+1}]",
    "[content](link)",
    "~--- ... --",
    "{{name}} %s {0}",
    "</text>&amp;",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_looks_like_markup_is_printed_as_it_is(name: str) -> None:
    person = replace(ADULT, family_name=name, address_lines=(name,), birth_place=name)
    assert printed(person).count(name) == 3


@pytest.mark.parametrize(
    "name",
    [
        "Őri Łoś Ținut Ş ığ",
        "Nguyễn Thị Ượng",
        "Þór Ðórsson",
        "Ќирил Їжак",
        "Αθηνά",
        "ᐃᓄᒃᑎᑐᑦ",
        "Գրիգոր",
    ],
)
def test_names_of_many_lands_do_not_vanish(name: str) -> None:
    assert name in printed(replace(ADULT, family_name=name))


def test_an_accent_typed_apart_is_printed_on_its_letter() -> None:
    assert "Nguyễn" in printed(replace(ADULT, family_name="Nguye\u0302\u0303n"))


@pytest.mark.parametrize("name", ["محمد", "דוד"])
def test_names_from_right_to_left_are_printed(name: str) -> None:
    assert {name, name[::-1]} & set(printed(replace(ADULT, family_name=name)).split())


@pytest.mark.parametrize(
    "name", ["王小明", "राम", "สมชาย", "አበበ", "A\u202eB", "A\x00B", "A\u200bB", "A\nB"]
)
def test_what_the_font_lacks_or_nobody_sees_is_not_printed_at_all(name: str) -> None:
    for field in ("family_name", "given_names", "birth_place"):
        with pytest.raises(CannotPrint):
            make_ecopr(replace(ADULT, **{field: name}))


def test_the_longest_names_and_addresses_stay_on_one_page_and_whole() -> None:
    lines = tuple(f"{n}-123 {'chemin de la Longue-Pointe ' * 2}" for n in range(5))
    long = replace(
        CHILD,
        family_name="W" * 60,
        given_names=("Maximiliana " * 5).strip(),
        birth_place="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
        guardian="Ő" * 60,
        address_lines=lines,
        specimen=True,
        photo=a_photo(),
    )
    text = printed(long).replace(" ", "")
    for value in (long.family_name, long.given_names, long.birth_place, long.guardian, *lines):
        assert str(value).replace(" ", "") in text


def test_more_than_a_page_holds_is_not_cut() -> None:
    with pytest.raises(CannotPrint):
        make_ecopr(replace(ADULT, address_lines=tuple(f"line {n}" for n in range(80))))
    assert len(_SIZES) > 1


# Letters and signs of European names; what pdfium reads back of others comes in another order.
NAMES = st.text(st.characters(categories=("L", "P", "S"), max_codepoint=0x24F), max_size=60)


@settings(max_examples=100, deadline=None)
@given(NAMES)
def test_any_european_name_is_printed_whole(name: str) -> None:
    assert name in printed(replace(ADULT, family_name=name)).replace(" ", "")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_is_printed_or_refused(name: str) -> None:
    with contextlib.suppress(CannotPrint):
        assert ADULT.number in printed(replace(ADULT, family_name=name))
