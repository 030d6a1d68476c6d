"""What a verification found, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Finding:
    """`kind` is a key below `audit_cli.finding`, which says what each means; `first` to `last` are
    the positions it concerns, `line` is the line of the anchor file."""

    kind: str
    first: int = 0
    last: int = 0
    line: int = 0


def merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Neighbours of one kind as one: a chain that was rewritten is not a million findings."""
    held: Finding | None = None
    for found in findings:
        if held and not found.line and (held.kind, held.last + 1) == (found.kind, found.first):
            held = replace(held, last=found.last)
            continue
        if held:
            yield held
        held = found
    if held:
        yield held
