"""The anchor file held against the chain: what the chain once was, it must still be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.audit.anchor import NOTHING, Anchor, anchor_lines, digest, read_anchor
from bot.audit.chain import head_fault
from bot.audit.claims import REKEYED, VERIFIED, beginning, newest
from bot.audit.finding import Finding
from bot.audit.stored import BATCH, ENTRY, hashes_at, stored_head
from bot.store import Keys, keys_of
from bot.store.keys import CannotOpen


def compare(session: Any, path: Path, size: int) -> Iterator[Finding]:
    """What the file shows; nothing when there is none and none was there before. Of what lies
    beyond `size` bytes, written while the trail stood still in the session, it is only looked at
    how it hangs together.

    Raises:
        OSError: it cannot be read.
    """
    mark = newest(session, VERIFIED)
    known: dict[str, Any] = mark.detail if mark else {"lines": 0, "line": NOTHING}
    if not path.exists():
        if known["lines"]:
            yield Finding("anchor_missing")
        return
    lines, chain = _Lines(keys_of(session), known["lines"], size), _Chain(session)
    with path.open("rb") as file:
        read = lines.read(file)
        while batch := list(islice(read, BATCH)):
            yield from (found for found in batch if isinstance(found, Finding))
            yield from chain.differences([a for a in batch if isinstance(a, Anchor)])
    yield from chain.finish()
    if lines.unproven:
        yield Finding("anchor_key", line=lines.unproven)
    if known["lines"] and lines.marked != known["line"]:
        yield Finding("anchor_shortened", line=known["lines"])


class _Lines:
    """Reads the lines one by one and looks at their seals and at how they hang together.

    `marked` becomes the digest of line `mark`; `unproven` is the first of the last lines whose key
    is not configured. An earlier one is vouched for by the lines after it, which carry its hash.
    """

    def __init__(self, keys: Keys, mark: int, size: int) -> None:
        self._keys, self._mark, self._size = keys, mark, size
        self._count = 0
        self._before: str | None = NOTHING  # None after a damaged line
        self.marked = ""
        self.unproven = 0

    def read(self, file: Any) -> Iterator[Anchor | Finding]:
        """The anchors that are what was written, and what was found on the way to them."""
        for raw in anchor_lines(file):
            line = raw.removesuffix(b"\n")
            self._count += 1
            self._size -= len(raw)
            yield from self._one(line)
            if self._count == self._mark:
                self.marked = digest(line)

    def _one(self, line: bytes) -> Iterator[Anchor | Finding]:
        anchor, sealed = read_anchor(line), self._is_sealed(line)
        if anchor is None or sealed is False:
            self._before = None
            yield Finding("anchor_damaged", line=self._count)
            return
        if self._before not in (None, anchor.before):
            yield Finding("anchor_gap", line=self._count)
        self._before = digest(line)
        if sealed is None:
            self.unproven = self.unproven or self._count
            return
        self.unproven = 0
        if self._size >= 0:
            yield anchor

    def _is_sealed(self, line: bytes) -> bool | None:
        """None when the key is not configured."""
        anchor = read_anchor(line)
        try:
            return anchor is not None and anchor.line(self._keys) == line
        except CannotOpen:
            return None
        except (TypeError, ValueError):
            return False


class _Chain:
    """The chain as the database has it now, beside which anchors are put."""

    def __init__(self, session: Any) -> None:
        self._session = session
        rekeyed = newest(session, REKEYED)
        self._end = _end(session)
        # Rows that were pruned are gone, and hashes that were made anew are not what they were.
        self._from = max(beginning(session).first, rekeyed.position if rekeyed else 0)
        self._agreed = self._from - 1
        self._held: Finding | None = None

    def differences(self, anchors: list[Anchor]) -> Iterator[Finding]:
        anchors = [anchor for anchor in anchors if anchor.position >= self._from]
        stored = hashes_at(self._session, [anchor.position for anchor in anchors])
        for anchor in anchors:
            yield from self._one(anchor, stored.get(anchor.position))

    def finish(self) -> Iterator[Finding]:
        if self._held:
            yield self._held
        self._held = None

    def _one(self, anchor: Anchor, stored: Any) -> Iterator[Finding]:
        if stored == bytes.fromhex(anchor.hash):
            yield from self.finish()
            self._agreed = max(self._agreed, anchor.position)
        elif stored is not None:
            yield from self._differs("anchor_differs", anchor)
        elif anchor.position > self._end:
            yield from self._differs("anchor_beyond", anchor)
        # Else a row is missing before the end of the chain: the walk has found that.

    def _differs(self, kind: str, anchor: Anchor) -> Iterator[Finding]:
        """Between the last row that agreed and this one, the chain is another than it was."""
        if self._held and self._held.kind == kind:
            last = max(self._held.last, anchor.position)
            self._held = replace(self._held, last=last)
            return
        yield from self.finish()
        self._held = Finding(kind, self._agreed + 1, anchor.position)


def _end(session: Any) -> int:
    """The last position by the head or, when that cannot be relied on, by the rows."""
    head = stored_head(session)
    if head is not None and head_fault(keys_of(session), head) is None:
        return int(head.position)
    return session.scalar(select(func.max(ENTRY.position))) or 0
