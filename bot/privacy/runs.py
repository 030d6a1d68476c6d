"""Runs of digits, however they are grouped, and those among them that are no identifier."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.privacy.dates import full_dates, is_spaced_date
from bot.privacy.line import HOLE

_CURRENCY = "dollars?|cad|usd|euros?|francs?|cfa|dinars?|dirhams?|rupees?|roupies|naira|pesos?"
_RUN = re.compile(r"(?:\+ ?)?\(?\d(?:(?:\.| {0,2}[-/()_]{0,2} {0,2})\d)*")
_LAST_GROUP = re.compile(r" +\d{1,6}$")
_COUNTED = re.compile(
    r" ?(?:[$€%]|(?:months?|mois|days?|jours?|weeks?|semaines?|years?|yrs?|ans?|annees?|hours?"
    r"|heures?|hrs?|minutes?|mins?|times?|fois|people|persons?|personnes?|kids?|children|enfants?"
    rf"|{_CURRENCY}|pages?|px|pixels?|points?|applications?|demandes?|documents?"
    r"|photos?|files?|dossiers?|mb|kb)\b)"
)
_MONEY_BEFORE = re.compile(r"(?:[$€]|\bcad|\busd) ?$")
_MONEY_AFTER = re.compile(rf" ?(?:[$€]|(?:{_CURRENCY})\b)")
_FORM_BEFORE = re.compile(r"\b(?:imm|cit|forms?|formulaires?)[ -]?$")
_DATED_BEFORE = re.compile(
    r"\b(?:on|since|from|until|till|by|dated|expires?|expired|le|du|au|depuis|jusqu'au) $"
)
_YEARS = re.compile(r"(?:19[5-9]|20[0-4])\d(?:[ -/]+(?:19[5-9]|20[0-4])\d)+")
_SCORES = re.compile(r"\d\.[05](?: +\d\.[05])+")
_COMPACT_DATE = re.compile(r"(?:19[5-9]|20[0-4])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


class Run(NamedTuple):
    """Digits with what stands between them, and their place."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def digits(self) -> str:
        return "".join(re.findall(r"\d", self.text))

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(map(len, re.findall(r"\d+", self.text)))


def identifying_runs(plain: str) -> Iterator[Run]:
    """The runs of six digits or more that are no date, form, amount, score or size."""
    for match in _RUN.finditer(_without_dates(plain)):
        run = _without_count(plain, _without_bracket(Run(match.group(), match.start())))
        for piece in _pieces(run):
            if len(piece.digits) > 5 and not _harmless(plain, piece):
                yield piece


def may_be_time(plain: str, run: Run) -> bool:
    """Years, 2021-2022, or a date in one, "since 20230501": a number only if the line says so."""
    before = plain[max(0, run.start - 14) : run.start]
    dated = _COMPACT_DATE.fullmatch(run.text) and _DATED_BEFORE.search(before)
    return bool(dated or _YEARS.fullmatch(run.text))


def _without_dates(plain: str) -> str:
    chars = list(plain)
    for start, end in full_dates(plain):
        chars[start:end] = HOLE * (end - start)
    return "".join(chars)


def _without_bracket(run: Run) -> Run:
    """The opening bracket belongs to a run only with its closing one: (613) 555-0123."""
    opened = run.text.startswith("(") and ")" not in run.text
    return Run(run.text[1:], run.start + 1) if opened else run


def _without_count(plain: str, run: Run) -> Run:
    """0000-0101 24 months: the 24 is a count of its own."""
    last = _LAST_GROUP.search(run.text)
    counted = last is not None and _COUNTED.match(plain, run.end)
    return Run(run.text[: last.start()], run.start) if last and counted else run


def _pieces(run: Run) -> list[Run]:
    """Two identifiers with a space between are two."""
    parts = [Run(m.group(), run.start + m.start()) for m in re.finditer(r"\S+", run.text)]
    return parts if all(len(part.digits) > 6 for part in parts) else [run]


def _harmless(plain: str, run: Run) -> bool:
    before = plain[max(0, run.start - 14) : run.start]
    return bool(
        is_spaced_date(run.text)
        or _SCORES.fullmatch(run.text)
        or _MONEY_BEFORE.search(before)
        or (len(run.lengths) == 1 and _MONEY_AFTER.match(plain, run.end))
        or (set(run.lengths) == {4} and _FORM_BEFORE.search(before))
        or re.search(r"\dx$", before)
        or re.match(r"x\d", plain[run.end : run.end + 2])
    )
