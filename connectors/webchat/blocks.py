"""A line's plain text cut into paragraphs and lists, as the page's own code does it (text.js)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Block:
    """A paragraph or, when `items`, a list; `rows` are its lines or items."""

    items: bool
    rows: list[str] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """A blank line parts paragraphs; lines that begin with "- " are items of a list."""
    made: list[Block] = []
    for part in text.split("\n\n"):
        fresh = True
        for row in filter(None, part.split("\n")):
            item = row.startswith("- ")
            if fresh or not made or made[-1].items != item:
                made.append(Block(item))
            made[-1].rows.append(row.removeprefix("- ") if item else row)
            fresh = False
    return made
