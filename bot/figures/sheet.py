"""The tables as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from bot.figures.tables import Table

# A cell that begins like this is run as a formula by spreadsheets (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def sheet(tables: Iterable[Table]) -> str:
    """All tables below each other, an empty line between. It begins with a byte order mark, without
    which spreadsheets do not read accents."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    for table in tables:
        writer.writerow([safe(table.title)])
        writer.writerow(safe(cell) for cell in table.head)
        for row in table.rows:
            writer.writerow(safe(cell) for cell in (row.label, *row.cells))
        writer.writerow([])
    return "\ufeff" + written.getvalue()


def safe(cell: str) -> str:
    """`cell` as text, whatever it begins with."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
