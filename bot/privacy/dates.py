"""Dates, and which of them is somebody's date of birth.

A date alone stays: it is part of the question. It is hidden when the line says that it is a birth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.line import A_DIGIT, HOLE, Line, Span

_MONTH = (
    r"(?:jan(?:uary|vier|v)?|feb(?:ruary)?|fev(?:rier|r)?|mar(?:ch|s)?|a[pv]r(?:il)?|may|mai"
    r"|ju(?:ne?|in)|jul(?:y)?|juil(?:let)?|aug(?:ust)?|aout|sept?(?:ember|embre)?|oct(?:ober|obre)?"
    r"|nov(?:ember|embre)?|dec(?:ember|embre)?)\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = r"(?:st|nd|rd|th|er|e)?"
_YEAR = r"(?:19|20)\d\d"
_ALONE = r"(?<![^\W_])(?<!\d[-/.])"
_NO_MORE = r"(?!\d|[-/.]\d)"
_FULL = [
    # Only its own separator may not go on: 2020-01-01/2020-12-31 are two dates.
    *(
        re.compile(
            rf"(?<![^\W_])(?<!\d{sep})"
            rf"(?:{_YEAR}{sep}{_DAY}{sep}{_DAY}|{_DAY}{sep}{_DAY}{sep}{_YEAR})(?!\d|{sep}\d)"
        )
        for sep in ("-", "/", r"\.")
    ),
    *(
        re.compile(_ALONE + pattern + _NO_MORE)
        for pattern in (
            rf"{_DAY}{_ORDINAL}[ .-]{{0,2}}(?:of |de )?{_MONTH}[ ,/.-]{{0,2}}{_YEAR}",
            rf"{_MONTH}[ .-]{{0,2}}{_DAY}{_ORDINAL}[ ,.-]{{0,3}}{_YEAR}",
            rf"{_YEAR}[ ,/-]{{1,2}}{_MONTH}[ /-]{{0,2}}{_DAY}",
        )
    ),
]
# Forms that are a date only where a birth is spoken of; elsewhere they are some other number.
_LOOSE = [
    re.compile(rf"{_ALONE}{pattern}(?![^\W_]|[-/.]\d)")
    for pattern in (
        rf"{_DAY}([-/. ]){_DAY}\1\d\d",
        rf"{_DAY}([ ]){_DAY}\1{_YEAR}",
        rf"{_YEAR}([ ]){_DAY}\1{_DAY}",
        rf"{_DAY}{_ORDINAL}[ .-]{{0,2}}{_MONTH}[ ,/.'-]{{0,2}}\d\d",
        r"(?:19|20)\d\d[01]\d[0-3]\d",
        r"[0-3]\d[0-3]\d(?:19|20)\d\d",
    )
]
_CUE = re.compile(
    r"\b(?:born|birth(?! ?cert| ?place)\w*|d\.? ?o\.? ?b|b-?day|ddn|anniversaire|naiss"
    r"|(?<!certificat de )(?<!certificats de )(?<!acte de )(?<!extrait de )naissance"
    r"|nees?|nes?(?:\(e\))?)\b"
)
# Unaccented "ne" is mostly the French "not": it speaks of a birth only beside these.
_NE_BEFORE = re.compile(r"\b(?:suis|est|etait|etaient|sommes|sont|ete|fils|mari|enfant|,) ?$")
_NE_AFTER = re.compile(r"(?:\(e\))? (?:le \d|en |a )")
# Between cue and date, these tell that the date is of something else.
_ELSEWHERE = re.compile(
    rf"[?!;{HOLE}]|\w{{3}}\. |\b(?:appl\w+|sen[dt]|submit\w*|receiv\w+|since|until|land(?:ed)?"
    r"|arriv\w+|moved|came|renew\w*|expir\w+|upload\w*|issu\w+|aor|ppr|e?copr|biometrics?|medicals?"
    r"|tests?|sign\w+|depuis|soumis\w*|depos\w+|envoy\w+|recue?s?|demande|demenag\w+|renouvel\w+"
    r"|transmis\w*|televers\w*|deliv\w+|examen|adr|jusqu)\b"
)
_SMALL = re.compile(
    r"(?:[ ,:=()'-]|\b(?:is|was|were|it|its|s|my|our|his|her|the|date|day|of|i|c|ce|est|cest|ma|mon"
    r"|sa|son|notre|la|le|de|d|jour|je|suis|il|elle)\b)*"
)
_REACH = 60


def full_dates(plain: str) -> list[tuple[int, int]]:
    """The places of all complete dates."""
    if not A_DIGIT.search(plain):
        return []
    return [match.span() for pattern in _FULL for match in pattern.finditer(plain)]


def is_spaced_date(text: str) -> bool:
    """Whether the whole of `text` is a date written with spaces: 12 05 2023."""
    return any(pattern.fullmatch(text) for pattern in _LOOSE[1:3])


def find(line: Line) -> Iterator[Span]:
    """Dates of birth."""
    if not _CUE.search(line.plain):
        return
    loose = [match.span() for pattern in _LOOSE for match in pattern.finditer(line.plain)]
    for start, end in full_dates(line.plain) + loose:
        if _announced(line, start) or _explained(line, end):
            yield Span("birth_date", start, end)


def _announced(line: Line, start: int) -> bool:
    """A birth is spoken of shortly before."""
    cues = [c for c in _CUE.finditer(line.plain, max(0, start - _REACH), start) if _birth(line, c)]
    return bool(cues) and not _ELSEWHERE.search(line.plain, cues[-1].end(), start)


def _explained(line: Line, end: int) -> bool:
    """A birth is spoken of behind the date, with only small words between: … is my birthday."""
    small = _SMALL.match(line.plain, end, end + _REACH)
    cue = _CUE.match(line.plain, small.end()) if small else None
    return cue is not None and _birth(line, cue)


def _birth(line: Line, cue: re.Match[str]) -> bool:
    """Whether the cue is no mere French negation."""
    start = cue.start()
    if line.plain[start : start + 3] == "nee" or not line.plain.startswith("ne", start):
        return True
    accented = line.typed[start + 1] in "éÉ"
    after = _NE_AFTER.match(line.plain, start + 2)
    return accented or bool(after or _NE_BEFORE.search(line.plain, max(0, start - 10), start))
