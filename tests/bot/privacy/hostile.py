"""Lines of 1,000 characters that would be slow to read with careless patterns."""

from __future__ import annotations

_UNITS = [
    "1", "1 ", "1-", "1(", "(", "+1 ", "1.", "0000-0101 ", "0000-0101a ", "123456 ", "2022 ",
    "a@", "a@b ", "a.", "a at gmail dot ", "aaaa @ ", "a-", "a'", "é", "é1", "x1", "1x1", "né",
    "né ", "né 2001-02-03 ", "born 1/2/03 ", "born ", "1 jan 2001 ", "jan 1 ", "2001-02-03 ",
    "12 Main ", "12 Main St ", "12 rue ", "12 rue A ", "12 a ", "live at 12 ", "po box 1 ",
    "apt 1 ", "my name is ", "nom: ", "nom: de ", "name is aa ", "my son Aa, ", "my son Aa and ",
    "my my ", "thanks Aa ", "this is ", "Aa ", "m. ", "passport ", "passport a1", "code ",
    "code 123456 ", "F000000101 ", "K1A 0B1 ", "k1a", "⟦", "⟧⟦", "⟦uci⟧", "⟦uci", " ", ". ",
]  # fmt: skip

HOSTILE = [(unit * 1000)[:1000] for unit in _UNITS]
# A start that opens something and a long tail that never closes it.
HOSTILE += [
    (start + tail * 1000)[:1000]
    for start in (
        "my name is ",
        "nom: ",
        "born ",
        "passport ",
        "12 rue ",
        "code ",
        "a@",
        "Thanks, ",
    )
    for tail in ("a", "Aa ", "de ", "1 ", "Aa, ", ".", "a.")
]
