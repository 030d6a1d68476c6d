"""One walk along the chain, row by row: what does not follow from what stands before it.

After a row that is broken the walk goes on from the hash stored in it, so that all tampering is
found and not only the first. A row behind a broken one can mostly be proved again: by the stored
hash when only the contents were altered, by the hash the row should have when only that was.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.audit.chain import Head, Row, row_hash
from bot.audit.finding import Finding
from bot.store import Keys
from bot.store.keys import CannotOpen


class Walk:
    """Takes the rows in the order of their positions.

    The chain begins at position `first`, whose row follows on the hash `before`; `end` is its last
    position by the head, None when the head cannot be relied on.
    """

    def __init__(self, keys: Keys, first: int, before: bytes, end: int | None) -> None:
        self._keys = keys
        self._first = self._next = first
        self._end = end
        # The hashes on one of which the next row must follow; those on which the last one did.
        self._ends: tuple[bytes, ...] = (before,)
        self._starts: tuple[bytes, ...] = self._ends
        self._broken = False

    @property
    def position(self) -> int:
        """Where the walk has come to."""
        return self._next - 1

    def step(self, row: Row) -> Iterator[Finding]:
        position = row.position if isinstance(row.position, int) else self._next - 1
        if self._end is not None and position > self._end:
            yield Finding("beyond", position, position)
        elif position < self._next:
            yield from self._extra(row, position)
        else:
            if position > self._next:
                kind = "missing" if self._next > self._first else "missing_first"
                yield Finding(kind, self._next, position - 1)
                self._ends, self._broken = (), True
            self._next = position + 1
            yield from self._check(row)

    def finish(self, head: Head | None) -> Iterator[Finding]:
        """What the end of the rows says, after the last step."""
        if self._end is None or head is None:
            return
        if self._next <= self._end:
            kind = "emptied" if self._next == self._first else "cut"
            yield Finding(kind, self._next, self._end)
        elif head.hash not in self._ends and not self._broken:
            yield Finding("head_differs", self._end, self._end)

    def _extra(self, row: Row, position: int) -> Iterator[Finding]:
        """A row where there is no place for one: before the beginning, or a place taken twice."""
        yield Finding("inserted", position, position)
        if position == self._next - 1 and self._follows(row, self._starts):
            self._ends, self._broken = (row.hash,), False  # of the two, this is the true one

    def _check(self, row: Row) -> Iterator[Finding]:
        self._starts = self._ends
        try:
            right = [row_hash(self._keys, row, start) for start in self._starts]
        except CannotOpen:
            yield Finding("unknown_key", row.position, row.position)
            self._ends, self._broken = _usable(row.hash), True
            return
        except (AttributeError, TypeError, ValueError):  # values that no row of ours has
            right = []
        if row.hash in right:
            self._ends, self._broken = (row.hash,), False
            return
        kind = "unproven" if self._broken else "altered"
        yield Finding(kind, row.position, row.position)
        self._ends, self._broken = (*_usable(row.hash), *right[:1]), True

    def _follows(self, row: Row, starts: tuple[bytes, ...]) -> bool:
        try:
            return any(row.hash == row_hash(self._keys, row, start) for start in starts)
        except (CannotOpen, AttributeError, TypeError, ValueError):
            return False


def _usable(stored: object) -> tuple[bytes, ...]:
    return (stored,) if isinstance(stored, bytes) else ()
