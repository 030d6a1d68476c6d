"""Which kind of identifier a run of digits is: by its letters, its cue words and its grouping.

Formats: bot/store/normal.py. A number of eight digits or more is hidden whatever it is; the kind
only decides what the token says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.line import HOLE, Line, Span
from bot.privacy.runs import Run, identifying_runs, may_be_time
from bot.privacy.words import words

_LETTERS = re.compile(r"(?<![^\W_])([a-z]{1,4})([ -]?)$")
# Letters that may stand apart from the digits of an application number. A, I and Y are words.
_APART = re.compile(r"[b-hj-xz]|x?ep|x[a-z]|sv|rhb")
_NO_PREFIX = words("""
    uci iuc can id no num nr tel code nas sin cell call is est at to of le la au imm cit
""")
_CUES = re.compile(
    r"\b(?:(?P<uci>uci|iuc|client ?id|id ?client|identifiant(?: unique)?|client number"
    r"|numero de client)"
    r"|(?P<code>codes?|verification|otp|pin|nip)"
    r"|(?P<phone>phones?|telephones?|tel|cell(?:phone|ular|ulaire)?|mobile|portable|whatsapp|sms"
    r"|call|text|fax|appele[rz]|rappele[rz]|joindre|rejoindre|ph)"
    r"|(?P<passport>passe?ports?)"
    r"|(?P<application_number>application|file|case|demande|dossier))\b"
)
_CUE_DIGITS = {
    "uci": {8, 10},
    "code": {6, 8},
    "phone": set(range(7, 16)),
    "passport": set(range(6, 12)),
    "application_number": {9},
}
_AFTER = re.compile(
    r"[ ,:=(]*(?:is|was|est|c'est|my|the|mon|le|a|de|as|comme|for|pour|ma|[ ,:=(])*"
    r"\b(?P<cue>code|uci|iuc|verification|otp)\b"
)
_REACH = 40
_CODE_GROUPS = {(6,), (3, 3), (1, 1, 1, 1, 1, 1)}
_PHONE_GROUPS = {(3, 3, 4), (3, 7), (6, 4), (2, 2, 2, 2, 2), (3, 4), (3, 3, 2, 2)}
_AMERICAN = re.compile(r"1?[2-9]\d\d[2-9]\d{6}")


def find(line: Line) -> Iterator[Span]:
    """Client identifiers, application numbers, codes, phone numbers, other long numbers."""
    if not line.has_digits:
        return
    for run in identifying_runs(line.plain):
        cue = _cue(line.plain, run)
        prefixed = _prefixed(line.plain, run, cue)
        if prefixed:
            yield prefixed
        elif (cue or not may_be_time(line.plain, run)) and (kind := _kind(run, cue)):
            yield Span(kind, run.start, run.end)


def _prefixed(plain: str, run: Run, cue: str) -> Span | None:
    """A number whose letters belong to it: F000000101, X01-2345-6789, CAN000123456789."""
    letters = _LETTERS.search(plain[max(0, run.start - 7) : run.start])
    if letters is None:
        return None
    start, word, count = run.start - len(letters.group()), letters[1], len(run.digits)
    if (word == "can" and count == 12) or (word in ("x", "t") and count == 10):
        return Span("uci", start, run.end)
    if letters[2]:
        belongs = _APART.fullmatch(word) is not None and cue not in ("uci", "code")
    else:
        belongs = word not in _NO_PREFIX
    # Many countries write a letter and eight digits on their passports.
    kind = "passport" if cue == "passport" and len(word) == 1 else "application_number"
    return Span(kind, start, run.end) if belongs and count in (8, 9) else None


def _cue(plain: str, run: Run) -> str:
    """The kind named by the nearest fitting cue word before the run, else after it."""
    window = plain[max(0, run.start - _REACH) : run.start]
    fitting = [
        kind
        for match in _CUES.finditer(re.split(rf"[?!{HOLE}]", window)[-1])
        if (kind := match.lastgroup or "") and len(run.digits) in _CUE_DIGITS[kind]
    ]
    if fitting:
        return fitting[-1]
    after = _AFTER.match(plain, run.end, run.end + _REACH)
    return "" if after is None else "uci" if after["cue"] in ("uci", "iuc") else "code"


def _kind(run: Run, cue: str) -> str | None:
    count, lengths = len(run.digits), run.lengths
    if count == 6:
        return _kind_of_six(lengths, cue)
    if run.text.startswith("+"):
        return "phone"
    if lengths == (2, 4, 4):
        return "uci"
    if cue and count in _CUE_DIGITS[cue]:
        return cue
    return "phone" if _is_phone(run) else "uci" if count in (8, 10) else "number"


def _kind_of_six(lengths: tuple[int, ...], cue: str) -> str | None:
    """Six digits are too common to hide unless something says what they are."""
    if cue == "passport" and lengths == (6,):
        return cue
    return "code" if cue == "code" and lengths in _CODE_GROUPS else None


def _is_phone(run: Run) -> bool:
    lengths, digits = run.lengths, run.digits
    if digits.startswith("00") and len(digits) > 10:
        return True
    grouped = lengths in _PHONE_GROUPS or (lengths[0] == 1 and lengths[1:] in _PHONE_GROUPS)
    bare = len(lengths) < 3 and _AMERICAN.fullmatch(digits)
    return grouped or bool(bare)
