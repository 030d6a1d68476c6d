"""The audit trail as a table for the terminal."""

from __future__ import annotations

import json
from typing import Any

from rich.table import Table
from rich.text import Text

from bot.audit.showing import Shown
from bot.texts import say

COLUMNS = ("position", "at", "act", "person", "application", "conversation", "agent", "detail")


def trail_table(language: str, rows: list[Shown]) -> Table:
    table = Table()
    for name in COLUMNS:
        table.add_column(say(language, f"audit_cli.column.{name}"), overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in _cells(row)))
    return table


def printable(value: str) -> str:
    """Without what would steer the terminal: an altered row may hold anything."""
    return "".join(char if char.isprintable() else "\ufffd" for char in value)


def _cells(row: Shown) -> list[str]:
    entry = row.entry
    return [
        str(entry.position),
        str(entry.at)[:19],
        str(entry.act),
        _name(row.person, entry.person_id),
        _name(row.number, entry.application_id),
        str(entry.conversation_id or ""),
        str(entry.agent or ""),
        _detail(entry.detail),
    ]


def _name(known: str | None, number: object) -> str:
    """The identifier; of what is gone, the id it had in the database."""
    return known or ("" if number is None else f"#{number}")


def _detail(stored: Any) -> str:
    """The names and values that are there; what an altered row holds instead, as it is."""
    try:
        pairs = json.loads(stored).items()
    except (AttributeError, RecursionError, TypeError, ValueError):
        return str(stored)
    return ", ".join(f"{name}={json.dumps(value)}" for name, value in pairs if value is not None)
