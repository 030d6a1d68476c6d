"""Opening, continuing and ending a conversation; the session cookie."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select, update

from bot.clock import now
from bot.store import Conversation, Database, Inbox, WebSession
from tests.connectors.serving import Front, running_front

OPEN = "/api/chat/conversations"


def cookie(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_opening_makes_a_conversation_and_signals_the_engine(
    client: httpx.Client, database: Database, language: str
) -> None:
    answer = client.post(OPEN, json={"language": language})
    assert answer.status_code == 201
    assert answer.json() | {"seconds_left": 0} == {
        "language": language, "verified": False, "cursor": 0, "seconds_left": 0,
    }  # fmt: skip
    with database.read() as session:
        (row,) = session.scalars(select(Inbox))
        assert (row.kind, row.text) == ("signal", "EXTERNAL_opened")


def test_the_token_is_in_the_cookie_only_and_the_conversation_id_nowhere(
    client: httpx.Client, database: Database
) -> None:
    answer = client.post(OPEN, json={"language": "en"})
    with database.read() as session:
        conversation_id = session.scalar(select(Conversation.id))
    token = client.cookies["passage"]
    assert token not in answer.text
    assert conversation_id not in answer.text + str(answer.headers)


def test_a_live_cookie_goes_on_with_its_conversation_in_the_page_s_language(
    client: httpx.Client, database: Database
) -> None:
    client.post(OPEN, json={"language": "en"})
    answer = client.post(OPEN, json={"language": "fr"})
    assert answer.status_code == 200
    assert answer.json()["language"] == "fr"
    assert "set-cookie" not in answer.headers
    with database.read() as session:
        assert session.scalar(select(func.count(Conversation.id))) == 1


def test_a_made_up_cookie_gets_a_conversation_of_its_own(client: httpx.Client) -> None:
    client.cookies["passage"] = "planted"
    answer = client.post(OPEN, json={"language": "en"})
    assert answer.status_code == 201
    assert "planted" not in cookie(answer)


def test_over_plain_http_the_cookie_is_still_strict_and_out_of_reach_of_scripts(
    client: httpx.Client,
) -> None:
    parts = cookie(client.post(OPEN, json={"language": "en"})).split("; ")
    assert parts[0].startswith("passage=")
    assert parts[1:] == ["Path=/", "HttpOnly", "SameSite=Strict"]


def test_over_https_the_cookie_is_a_host_cookie(front: Front) -> None:
    with running_front(front.settings, front.database, shown="https://passage.example") as secure:
        client = httpx.Client(base_url=secure.url, headers={"Origin": "https://passage.example"})
        parts = cookie(client.post(OPEN, json={"language": "en"})).split("; ")
        assert parts[0].startswith("__Host-passage=")
        assert parts[1:] == ["Path=/", "HttpOnly", "Secure", "SameSite=Strict"]
        embedded = client.post(f"{OPEN}?embed=1", json={"language": "en"})
        parts = cookie(embedded).split("; ")
        assert parts[0].startswith("__Host-passage-embed=")
        assert parts[1:] == ["Path=/", "HttpOnly", "Secure", "SameSite=None", "Partitioned"]


def test_the_embedded_chat_has_a_session_of_its_own(client: httpx.Client) -> None:
    client.post(OPEN, json={"language": "en"})
    assert client.get("/api/chat/conversation?embed=1").status_code == 401
    # httpx sends Secure cookies to https only: the embedded one is set by hand.
    answer = client.post(f"{OPEN}?embed=1", json={"language": "fr"})
    token = cookie(answer).partition(";")[0]
    embedded = {"Cookie": token}
    assert client.get("/api/chat/conversation", headers=embedded).status_code == 401
    answer = client.get("/api/chat/conversation?embed=1", headers=embedded)
    assert answer.json()["language"] == "fr"


def test_language_changes_and_stay_prolongs(client: httpx.Client, database: Database) -> None:
    client.post(OPEN, json={"language": "en"})
    assert client.post("/api/chat/language", json={"language": "fr"}).json()["language"] == "fr"
    assert client.get("/api/chat/conversation").json()["language"] == "fr"
    with database.write() as session:
        session.execute(update(WebSession).values(seen_at=now() - timedelta(minutes=29)))
    assert client.get("/api/chat/conversation").json()["seconds_left"] <= 60
    assert client.post("/api/chat/stay", json={}).json()["seconds_left"] > 1700


def test_reading_does_not_prolong_the_session_but_writing_does(
    client: httpx.Client, database: Database
) -> None:
    client.post(OPEN, json={"language": "en"})
    with database.write() as session:
        session.execute(update(WebSession).values(seen_at=now() - timedelta(minutes=20)))
    client.get("/api/chat/events?wait=0")
    assert client.get("/api/chat/conversation").json()["seconds_left"] <= 600
    client.post("/api/chat/messages", json={"client_id": "abcdefgh", "text": "hello"})
    assert client.get("/api/chat/conversation").json()["seconds_left"] > 1700


@pytest.mark.parametrize(
    "change",
    [{"seen_at": timedelta(minutes=31)}, {"created_at": timedelta(hours=13)}],
    ids=["idle", "too old"],
)
def test_a_session_that_is_over_is_told_in_the_reader_s_language(
    client: httpx.Client, database: Database, change: dict[str, timedelta]
) -> None:
    client.post(OPEN, json={"language": "en"})
    with database.write() as session:
        values = {name: now() - age for name, age in change.items()}
        session.execute(update(WebSession).values(**values))
    for language, word in (("en", "session"), ("fr", "Votre session")):
        headers = {"Accept-Language": language}
        answer = client.get("/api/chat/conversation", headers=headers)
        assert answer.status_code == 401
        assert answer.json()["code"] == "no_session"
        assert word in answer.json()["error"]


def test_ending_kills_the_session_and_removes_the_cookie(client: httpx.Client) -> None:
    client.post(OPEN, json={"language": "en"})
    token = client.cookies["passage"]
    answer = client.post("/api/chat/end", json={})
    assert answer.status_code == 204
    assert "Max-Age=0" in cookie(answer)
    client.cookies["passage"] = token
    assert client.get("/api/chat/conversation").status_code == 401


@pytest.mark.parametrize(
    "path", ["messages", "identify", "code", "language", "stay", "end", "sessions/end"]
)
def test_nothing_can_be_posted_without_a_session(client: httpx.Client, path: str) -> None:
    bodies = {
        "messages": {"client_id": "abcdefgh", "text": "hello"},
        "identify": dict.fromkeys(
            ("uci", "number", "family_name", "given_names", "birth_date", "birth_place"), "x"
        ),
        "code": {"code": "1234 5678"},
        "language": {"language": "fr"},
        "sessions/end": {"others": True},
    }
    assert client.post(f"/api/chat/{path}", json=bodies.get(path, {})).status_code == 401
