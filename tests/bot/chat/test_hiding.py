"""A typed personal detail is stored nowhere but, where a step needs it, in the vault."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.chat.conversations import lines_after, open_conversation, post_text
from bot.privacy.details import KINDS
from bot.store import Conversation, Database, Inbox
from bot.texts import say
from bot.vault.keeping import kept
from tests.support.files import add_zoe


def typed(database: Database, language: str, text: str) -> tuple[str, list[str]]:
    """(what the engine gets, the lines on the page)."""
    with database.write() as session:
        conversation = open_conversation(session, "web", language)
        post_text(session, conversation, "a", text)
    with database.read() as session:
        message = session.scalars(select(Inbox.text)).one()
        return message, [line.body["text"] for line in lines_after(session, conversation, 0)]


@pytest.mark.parametrize(
    ("language", "text", "shown", "told"),
    [
        ("en", "my UCI is 0000-0101", "my UCI is [UCI]", "I took"),
        ("fr", "mon IUC est le 0000-0101", "mon IUC est le [IUC]", "J’ai retiré"),
    ],
)
def test_a_detail_is_taken_out_and_the_person_is_told(
    database: Database, language: str, text: str, shown: str, told: str
) -> None:
    message, lines = typed(database, language, text)
    assert message == text.replace("0000-0101", "⟦uci⟧")
    assert lines[0] == shown and lines[1].startswith(told) and len(lines) == 2


def test_an_ordinary_message_stays_as_it_is(database: Database) -> None:
    assert typed(database, "en", "where is my file?") == (
        "where is my file?",
        ["where is my file?"],
    )


def test_what_the_form_needs_is_kept_and_nothing_else(
    database: Database, conversation: str
) -> None:
    with database.write() as session:
        post_text(session, conversation, "a", "UCI 0000-0101, F000000101, zoe@example.ca")
        assert kept(session, conversation) == {
            "uci": "0000-0101",
            "application_number": "F000000101",
        }


def test_the_sentence_with_an_address_is_kept_for_its_form(
    database: Database, conversation: str
) -> None:
    sentence = "I moved to 4B-123 Main St, Ottawa ON K1A 0B1"
    with database.write() as session:
        post_text(session, conversation, "a", sentence)
        assert kept(session, conversation) == {"address": sentence}
        assert "K1A" not in session.scalars(select(Inbox.text)).one()


def test_the_names_of_who_is_signed_in_are_hidden_wherever_they_stand(
    database: Database, conversation: str
) -> None:
    with database.write() as session:
        person = add_zoe(session)
        session.get(Conversation, conversation).person_id = person.id
        post_text(session, conversation, "a", "will zoe get a letter?")
        assert session.scalars(select(Inbox.text)).one() == "will ⟦name⟧ get a letter?"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_in_both_languages(kind: str) -> None:
    assert say("en", f"talk.hidden.{kind}") and say("fr", f"talk.hidden.{kind}")
