"""The one entrance: `hide` replaces every personal detail it finds by a token that names its kind.

A token carries no value and gives no right, so a typed token is left as it is; any other ⟦ or ⟧
becomes [ or ], so that nobody can make half of one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import accumulate, pairwise

from bot.privacy import addresses, dates, known, names, numbers, shapes
from bot.privacy.line import HOLE, Line, Span, plain_form

# Between two finds of one length the kind that comes first wins, but the general ones come last.
KINDS = (
    "uci",
    "application_number",
    "code",
    "email",
    "phone",
    "passport",
    "birth_date",
    "postal_code",
    "address",
    "name",
    "number",
)
_GENERAL = ("uci", "number")
_TOKEN = re.compile(rf"⟦(?:{'|'.join(KINDS)})⟧|.", re.S)
_BRACKETS = {"⟦": "[", "⟧": "]"}


@dataclass(frozen=True)
class Found:
    """A detail as typed, and its place in the typed text."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Hidden:
    """The text with tokens in place of the details, and the details in the order of the text."""

    text: str
    found: tuple[Found, ...]


def hide(text: str, known: Collection[str] = ()) -> Hidden:
    """`text` without personal details; `known` are names and addresses that are hidden as well.

    What is left is read again until nothing more is found: a detail that lost an overlap may have
    left a part of itself.
    """
    draft = _Draft(text)
    found: list[Found] = []
    while spans := _strongest(_candidates(draft.line(), known)):
        found += [draft.replace(span) for span in reversed(spans)]
    return Hidden("".join(draft.pieces), tuple(sorted(found, key=lambda detail: detail.start)))


class _Draft:
    """The text on its way: one piece for each character and for each token."""

    def __init__(self, text: str) -> None:
        pieces = _TOKEN.findall(text)
        borders = [0, *accumulate(map(len, pieces))]
        self._text = text
        self.pieces = [_BRACKETS.get(piece, piece) for piece in pieces]
        self._places = list(pairwise(borders))
        self._typed = [piece if len(piece) == 1 else HOLE for piece in self.pieces]
        self._plain = list(plain_form("".join(self._typed)))

    def line(self) -> Line:
        return Line("".join(self._typed), "".join(self._plain))

    def replace(self, span: Span) -> Found:
        """Puts a token in place of `span`; later places must have been replaced before."""
        start, end = self._places[span.start][0], self._places[span.end - 1][1]
        cut = slice(span.start, span.end)
        self.pieces[cut] = [f"⟦{span.kind}⟧"]
        self._typed[cut] = self._plain[cut] = [HOLE]
        self._places[cut] = [(start, end)]
        return Found(span.kind, self._text[start:end], start, end)


def _candidates(line: Line, names_on_file: Collection[str]) -> list[Span]:
    finders = (numbers, shapes, dates, addresses, names)
    generic = [span for finder in finders for span in finder.find(line)]
    return generic + list(known.find(line, names_on_file))


def _rank(span: Span) -> tuple[int, bool, int, int]:
    general = span.kind in _GENERAL
    return span.start - span.end, general, KINDS.index(span.kind), span.start


def _strongest(spans: list[Span]) -> list[Span]:
    """The spans without overlaps: the longest, then the more specific, then the first."""
    taken: set[int] = set()
    chosen = []
    for span in sorted(spans, key=_rank):
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)
