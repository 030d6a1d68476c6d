"""A person sees where they are signed in and ends what they do not know; nobody else can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.identity.sessions import verify_session
from bot.store import AuditEntry, Conversation, Database
from tests.connectors.people import add_zoe, sign_in
from tests.connectors.serving import Front
from tests.connectors.sse import stream
from tests.support import files

SESSIONS, END = "/api/chat/sessions", "/api/chat/sessions/end"


@pytest.fixture
def second(front: Front, client: httpx.Client, database: Database) -> Iterator[httpx.Client]:
    """The same person in two browsers; this is the later one."""
    add_zoe(database)
    sign_in(client, database)
    with httpx.Client(base_url=front.url, headers={"Origin": front.url}, timeout=30) as found:
        sign_in(found, database)
        yield found


def ids(client: httpx.Client, *, this: bool) -> list[str]:
    return [one["id"] for one in client.get(SESSIONS).json() if one["this"] is this]


def ended(database: Database) -> list[AuditEntry]:
    with database.read() as session:
        rows = select(AuditEntry).where(AuditEntry.act == "identity.session_ended")
        return list(session.scalars(rows))


def test_both_browsers_see_the_same_two_each_its_own_as_this(
    client: httpx.Client, second: httpx.Client
) -> None:
    for one, other in ((client, second), (second, client)):
        listed: list[dict[str, Any]] = one.get(SESSIONS).json()
        assert len(listed) == 2
        assert set(listed[0]) == {"id", "opened_at", "seen_at", "this"}
        assert ids(one, this=True) == ids(other, this=False)
    shown = client.get(SESSIONS).text
    assert client.cookies["passage"] not in shown
    assert second.cookies["passage"] not in shown


def test_ending_another_ends_its_stream_and_leaves_a_trace(
    client: httpx.Client, second: httpx.Client, database: Database
) -> None:
    (other,) = ids(client, this=False)
    with stream(second) as events:
        assert events.state(verified=True)
        assert client.post(END, json={"id": other}).status_code == 204
        while events.next():
            pass
    assert second.get("/api/chat/conversation").status_code == 401
    assert ids(client, this=False) == []
    (entry,) = ended(database)
    assert entry.person_id is not None
    assert entry.detail == {"ended": other}


def test_ending_all_others_leaves_this_one(
    client: httpx.Client, second: httpx.Client, database: Database
) -> None:
    assert second.post(END, json={"others": True}).status_code == 204
    assert client.get("/api/chat/conversation").status_code == 401
    assert second.get("/api/chat/conversation").json()["verified"] is True
    assert len(ended(database)) == 1
    assert second.post(END, json={"others": True}).status_code == 204
    assert len(ended(database)) == 1


def test_ending_this_one_logs_out(
    client: httpx.Client, second: httpx.Client, database: Database
) -> None:
    (own,) = ids(client, this=True)
    answer = client.post(END, json={"id": own})
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert second.get("/api/chat/conversation").status_code == 200
    assert ended(database) == []
    with database.read() as session:
        assert session.scalar(select(AuditEntry).where(AuditEntry.act == "identity.logged_out"))


def test_somebody_else_s_session_is_neither_listed_nor_ended(
    front: Front, client: httpx.Client, second: httpx.Client, database: Database
) -> None:
    stranger = httpx.Client(base_url=front.url, headers={"Origin": front.url})
    stranger.post("/api/chat/conversations", json={"language": "en"})
    with database.write() as session:
        newest = select(Conversation.id).order_by(Conversation.created_at.desc()).limit(1)
        person = files.add_person(session)
        token = verify_session(session, session.scalar(newest), person.id)
    stranger.cookies.clear()
    stranger.cookies["passage"] = token
    assert len(stranger.get(SESSIONS).json()) == 1
    for wanted in ({"id": ids(client, this=True)[0]}, {"others": True}):
        assert stranger.post(END, json=wanted).status_code == 204
    assert len(client.get(SESSIONS).json()) == 2
    assert ended(database) == []


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Sign in first"), ("fr", "Ouvrez d’abord une session")]
)
def test_without_a_sign_in_there_is_nothing_to_see_or_end(
    client: httpx.Client, language: str, word: str
) -> None:
    assert client.get(SESSIONS).status_code == 401
    assert client.post(END, json={"others": True}).status_code == 401
    client.post("/api/chat/conversations", json={"language": language})
    for answer in (client.get(SESSIONS), client.post(END, json={"others": True})):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_signed_in")
        assert word in answer.json()["error"]


@pytest.mark.parametrize("body", [{}, {"id": 5}, {"id": "x", "others": True}, {"others": False}])
def test_a_body_of_another_shape_is_refused(client: httpx.Client, body: dict[str, Any]) -> None:
    client.post("/api/chat/conversations", json={"language": "en"})
    assert client.post(END, json=body).status_code == 400


def test_another_site_s_page_cannot_end_anything(
    client: httpx.Client, second: httpx.Client
) -> None:
    evil = {"Origin": "https://evil.example"}
    assert client.post(END, json={"others": True}, headers=evil).status_code == 403
    assert len(client.get(SESSIONS).json()) == 2
