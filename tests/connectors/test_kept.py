"""What was typed into the chat before the form was there comes back to fill the form."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from bot.clock import now
from bot.store import Conversation, Database, Kept
from bot.vault import keeping

KEPT = "/api/chat/kept"


@pytest.fixture(autouse=True)
def opened(client: httpx.Client) -> None:
    client.post("/api/chat/conversations", json={"language": "en"})


def keep(database: Database, **values: str) -> None:
    with database.write() as session:
        conversation_id = session.scalar(select(Conversation.id))
        for kind, value in values.items():
            keeping.keep(session, conversation_id, kind, value)


def test_the_form_gets_what_it_asks_for_and_nothing_else(
    client: httpx.Client, database: Database
) -> None:
    assert client.get(KEPT).json() == {}
    keep(database, uci="0000-0777", application_number="F000000777", phone="555 0100")
    answer = client.get(KEPT)
    assert answer.json() == {"uci": "0000-0777", "application_number": "F000000777"}
    assert answer.headers["cache-control"] == "no-store"


def test_nobody_else_gets_it(client: httpx.Client, database: Database) -> None:
    keep(database, uci="0000-0777")
    stranger = httpx.Client(base_url=client.base_url)
    assert stranger.get(KEPT).status_code == 401
    stranger.post("/api/chat/conversations", json={"language": "en"})
    assert stranger.get(KEPT).json() == {}


def test_what_was_kept_for_a_quarter_of_an_hour_is_gone(
    client: httpx.Client, database: Database
) -> None:
    keep(database, uci="0000-0777")
    with database.write() as session:
        session.execute(update(Kept).values(expires_at=now() - timedelta(seconds=1)))
    assert client.get(KEPT).json() == {}
