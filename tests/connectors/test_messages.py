"""Taking messages in: stored before they are acknowledged, once, and only what is a message."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from bot.chat.conversations import add_choices
from bot.store import Conversation, Database, Inbox, Line

URL = "/api/chat/messages"


@pytest.fixture(autouse=True)
def opened(client: httpx.Client) -> None:
    client.post("/api/chat/conversations", json={"language": "en"})


def stored(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        rows = session.scalars(select(Inbox).where(Inbox.kind != "signal").order_by(Inbox.id))
        return [(row.kind, row.text) for row in rows]


def offer(database: Database, label: str = "Where is it?") -> str:
    with database.write() as session:
        conversation_id = session.scalar(select(Conversation.id))
        choice = {"label": label, "intent": "check_status", "entities": {}}
        return add_choices(session, conversation_id, [choice])[0]["id"]


def test_a_text_is_stored_before_the_answer(client: httpx.Client, database: Database) -> None:
    answer = client.post(URL, json={"client_id": "message-1", "text": "  /Hello \u200b there  "})
    assert answer.status_code == 202
    assert answer.json() == {"client_id": "message-1", "duplicate": False}
    assert stored(database) == [("text", "Hello  there")]
    with database.read() as session:
        (line,) = session.scalars(select(Line))
        assert (line.author, line.client_id) == ("user", "message-1")


def test_the_same_client_id_is_stored_once_however_often_it_comes(
    client: httpx.Client, database: Database
) -> None:
    body = {"client_id": "message-1", "text": "hello"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post(URL, json=body), range(16)))
    assert {answer.status_code for answer in answers} == {202}
    assert sorted(answer.json()["duplicate"] for answer in answers) == [False] + [True] * 15
    assert stored(database) == [("text", "hello")]


def test_a_choice_is_used_once(client: httpx.Client, database: Database) -> None:
    choice = offer(database)
    assert client.post(URL, json={"client_id": "choice-1", "choice": choice}).status_code == 202
    again = client.post(URL, json={"client_id": "choice-2", "choice": choice})
    assert again.status_code == 409
    assert again.json()["code"] == "choice_unknown"
    assert stored(database) == [("choice", "Where is it?")]


def test_a_choice_of_another_conversation_is_unknown(
    client: httpx.Client, database: Database
) -> None:
    choice = offer(database)
    client.cookies.clear()
    client.post("/api/chat/conversations", json={"language": "fr"})
    answer = client.post(URL, json={"client_id": "choice-1", "choice": choice})
    assert answer.status_code == 409
    assert "Ce bouton" in answer.json()["error"]
    assert stored(database) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("", "text_empty"),
        ("   ", "text_empty"),
        ("///", "text_empty"),
        ("x" * 1001, "text_too_long"),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_no_message_is_refused_in_the_conversation_s_language(
    client: httpx.Client, database: Database, words: str, code: str, language: str
) -> None:
    client.post("/api/chat/language", json={"language": language})
    headers = {"Accept-Language": "fr" if language == "en" else "en"}
    answer = client.post(URL, json={"client_id": "message-1", "text": words}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert ("message" in answer.json()["error"]) and (
        ("Écrivez" in answer.json()["error"] or "Ce message" in answer.json()["error"])
        == (language == "fr")
    )
    assert stored(database) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "no id"},
        {"client_id": "short", "text": "x"},
        {"client_id": "x" * 65, "text": "x"},
        {"client_id": "message-1\n", "text": "x"},
        {"client_id": "message-1"},
        {"client_id": "message-1", "text": "x", "choice": "y"},
        {"client_id": "message-1", "text": 5},
        {"client_id": "message-1", "text": "x", "sender": "victim"},
        {"client_id": "message-1", "text": "x", "metadata": {"verified": True}},
        {"client_id": "message-1", "text": "x", "session_id": "y", "input_channel": "z"},
        [],
        "text",
        5,
    ],
)
def test_a_body_of_another_shape_is_refused(
    client: httpx.Client, database: Database, body: Any
) -> None:
    answer = client.post(URL, json=body)
    assert answer.status_code == 400
    assert answer.json() == {"error": "The request could not be read.", "code": "bad_request"}
    assert stored(database) == []


def test_a_database_that_is_busy_for_too_long_asks_to_try_again(
    client: httpx.Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr("connectors.webchat.messages.post_text", busy)
    answer = client.post(URL, json={"client_id": "message-1", "text": "x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["error"].startswith("The service is very busy.")


def test_a_failed_write_is_not_acknowledged(client: httpx.Client, database: Database) -> None:
    with database.write() as session:
        session.execute(text("ALTER TABLE inbox RENAME TO inbox_away"))
    answer = client.post(URL, json={"client_id": "message-1", "text": "my secret"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "secret" not in answer.text
    assert "inbox" not in answer.text
