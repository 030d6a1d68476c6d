"""Identifiers typed into the chat are hidden; ordinary words, dates and small numbers are not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.chat.conversations import lines_after, open_conversation, post_text
from bot.chat.masking import MASK, mask
from bot.store import Database, Inbox


@pytest.mark.parametrize(
    "secret",
    [
        "0000-0101",
        "00-0000-0101",
        "0000000101",
        "F000000101",
        "f 000 000 101",
        "EP12345678",
        "CAN000123456789",
        "613-555-0123",
        "(613) 555 0123",
        "+1 613 555 0123",
        "1234 5678",
        "amara.diallo@example.ca",
    ],
)
def test_an_identifier_is_hidden(secret: str) -> None:
    masked = mask(f"my number is {secret} please")
    assert MASK in masked
    assert not any(part in masked for part in secret.replace("-", " ").split() if len(part) > 3)


@pytest.mark.parametrize(
    "text",
    [
        "form IMM 5476",
        "it was received 2026-01-15",
        "I sent it on 2025/12/3",
        "7 months and 12 days",
        "page 1611",
        "P2 on 3 March 2026",
        "715x1000 pixels",
        "1-888",
    ],
)
def test_ordinary_numbers_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(("language", "words"), [("en", "I hid"), ("fr", "J’ai masqué")])
def test_what_is_hidden_is_stored_nowhere_and_the_person_is_told(
    database: Database, language: str, words: str
) -> None:
    with database.write() as session:
        conversation = open_conversation(session, "web", language)
        post_text(session, conversation, "a", "my UCI is 0000-0101")
    with database.read() as session:
        lines = lines_after(session, conversation, 0)
        stored = session.scalars(select(Inbox.text)).one()
    assert stored == lines[0].body["text"] == f"my UCI is {MASK}"
    assert lines[1].author == "system"
    assert words in lines[1].body["text"]
