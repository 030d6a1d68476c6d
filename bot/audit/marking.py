"""That the trail was verified is written down, with what the anchor file held then.

Without it, lines cut off the end of the anchor file would be missed by nobody.
"""

from __future__ import annotations

from pathlib import Path

from bot.audit.anchor import anchor_end, write_anchor
from bot.audit.claims import VERIFIED
from bot.audit.recording import record
from bot.store import Database


def mark(database: Database, path: Path, *, findings: int, agent: str) -> None:
    """Anchor the end of the chain, then record that it was verified.

    Raises:
        AuditBroken: the head is missing or altered.
        OSError: the anchor file cannot be written.
    """
    write_anchor(database, path)
    lines, line = anchor_end(path)
    with database.write() as session:
        record(session, VERIFIED, agent=agent, findings=findings, lines=lines, line=line)
