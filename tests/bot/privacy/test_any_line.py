"""Whatever is typed: hiding is final, changes nothing else, and takes little time."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.privacy.details import KINDS, hide
from tests.bot.privacy.hostile import HOSTILE

_TOKEN = re.compile(rf"⟦(?:{'|'.join(KINDS)})⟧")
_FRAGMENTS = st.sampled_from([
    " ", ", ", ". ", "-", "/", "'", "(", ")", "+", "@", "$", "a", "Aa", "bb", "1", "12", "⟦", "⟧",
    "⟦uci⟧", "⟦name⟧", "⟦name", "my name is ", "je m'appelle ", "nom : ", "my son ", "mon fils ",
    " and ", "I'm ", "m. ", "Thanks, ", "de ", "né ", "né le ", "born ", " is my birthday", "le ",
    "2001-02-03", "2001 02 03", "1/2/03", "1 mai 2001", "20010203", "2021-2022", "uci ", "code ",
    "0000-0101", "00-0000-0101", "F000000101", "F 000 000 101", "EP", "CAN", "X", "12345678",
    "123456", "613-555-0123", "passport ", "AB123456", "K1A 0B1", "12 Main", "12 Main St",
    "12 rue ", "app 4", ", Ottawa", " ON", "PO Box 12", "live at ", "ab@c.ca", ".ca", " at ",
    "imm ", "months", "É", "œ", "x",
])  # fmt: skip
_LINES = st.lists(_FRAGMENTS, max_size=40).map("".join) | st.text(max_size=60)
_KNOWN = st.lists(st.sampled_from(["Aa", "Aaa bb", "Will", "Main", "12 Main", "bbé"]), max_size=3)


@given(_LINES, _KNOWN)
@example("born 2001-02-03 2001-02-03", [])
@example("my name is a b c d e", [])
def test_hiding_twice_hides_nothing_more(line: str, known: list[str]) -> None:
    once = hide(line, known)
    assert hide(once.text, known).text == hide(once.text).text == once.text
    assert hide(once.text, known).found == ()


@given(_LINES, _KNOWN)
def test_nothing_but_the_details_and_stray_brackets_changes(line: str, known: list[str]) -> None:
    hidden = hide(line, known)
    expected, last = "", 0
    for found in hidden.found:
        assert found.kind in KINDS
        assert last <= found.start < found.end
        assert found.value == line[found.start : found.end]
        expected += _plain_brackets(line[last : found.start]) + f"⟦{found.kind}⟧"
        last = found.end
    assert hidden.text == expected + _plain_brackets(line[last:])


def _plain_brackets(text: str) -> str:
    outside = _TOKEN.split(text)
    tokens = [*_TOKEN.findall(text), ""]
    plain = [part.replace("⟦", "[").replace("⟧", "]") for part in outside]
    return "".join(part + token for part, token in zip(plain, tokens, strict=True))


@given(
    st.sampled_from(["my uci is {} ok", "IUC : {}", "{}", "c'est {} svp", "F{}", "code {}, merci"]),
    st.from_regex(r"[03-9]\d{3}[-. ]?\d{4}", fullmatch=True),
)
def test_no_eight_digits_are_left(frame: str, secret: str) -> None:
    hidden = hide(frame.format(secret))
    assert len(hidden.found) == 1
    assert secret not in hidden.text
    assert not re.search(r"\d", hidden.text)


@given(st.from_regex(r"[a-z][a-z0-9._+-]{0,20}@[a-z]{1,10}\.(ca|com)", fullmatch=True))
def test_no_email_address_is_left(secret: str) -> None:
    assert hide(f"write to {secret} please").text == "write to ⟦email⟧ please"


@pytest.mark.timeout(60)
def test_hostile_lines_are_read_in_good_time() -> None:
    assert len(HOSTILE) > 50
    for line in HOSTILE:
        hide(line, ["Aa", "Main"])
