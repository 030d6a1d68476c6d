"""Is the audit trail what was written? Everything that is not, and where.

The rows prove each other (walk.py), the head proves that none is missing at the end, and the anchor
file that database and head together were not set back (compare.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.audit.anchor import anchor_size
from bot.audit.chain import head_fault
from bot.audit.claims import beginning
from bot.audit.compare import compare
from bot.audit.finding import Finding, merged
from bot.audit.stored import any_text, stored_head, stored_rows
from bot.audit.walk import Walk
from bot.store import keys_of

Moved = Callable[[int, int], None]


def verify(
    session: Any, anchor: Path | None = None, moved: Moved | None = None
) -> Iterator[Finding]:
    """What is wrong, in the order of the rows, then what the anchor file `anchor` shows.

    The trail must stand still in the session (stored.still, or its head locked). `moved` is told
    after each batch how many rows were read, and of how many.
    """
    size = anchor_size(anchor) if anchor else 0  # before the first look at the database
    with any_text(session):
        yield from merged(_of_chain(session, moved))
        if anchor:
            yield from compare(session, anchor, size)


def _of_chain(session: Any, moved: Moved | None) -> Iterator[Finding]:
    keys, head, begin = keys_of(session), stored_head(session), beginning(session)
    fault = head_fault(keys, head)
    end = None if fault or head is None else head.position
    walk, count = Walk(keys, *begin, end), 0
    for batch in stored_rows(session):
        for row in batch:
            yield from walk.step(row)
        count += len(batch)
        if moved:
            moved(count, max(count, (end or 0) - begin.first + 1))
    yield from walk.finish(head)
    if fault:
        at = head.position if head and isinstance(head.position, int) else walk.position
        yield Finding(fault, at, at)
