"""What was not understood is kept, sealed, with what it may have meant."""

from __future__ import annotations

from sqlalchemy import select, text

from bot.chat.misheard import keep
from bot.store import Database, Misheard


def test_a_message_is_kept_with_its_likeliest_meanings(
    database: Database, conversation: str
) -> None:
    with database.write() as session:
        keep(session, conversation, "the thing ⟦uci⟧", [{"name": "inform", "confidence": 0.4}])
    with database.read() as session:
        (row,) = session.scalars(select(Misheard)).all()
        assert (row.conversation_id, row.text) == (conversation, "the thing ⟦uci⟧")
        assert row.ranking == [{"name": "inform", "confidence": 0.4}]


def test_nobody_reads_it_without_the_key(database: Database, conversation: str) -> None:
    with database.write() as session:
        keep(session, conversation, "Kanarienvogel", [])
    with database.read() as session:
        assert b"Kanarienvogel" not in bytes(session.scalar(text("SELECT text FROM misheard")))
