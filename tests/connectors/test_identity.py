"""The details form and the code, and what a right code does to the session."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select

from bot.store import Database, Inbox, Outbound
from tests.connectors.people import DETAILS, add_zoe, mailed_code
from tests.connectors.sse import stream

IDENTIFY, CODE = "/api/chat/identify", "/api/chat/code"


@pytest.fixture(autouse=True)
def opened(client: httpx.Client, database: Database) -> None:
    add_zoe(database)
    client.post("/api/chat/conversations", json={"language": "en"})


def lines(client: httpx.Client) -> list[dict[str, object]]:
    return client.get("/api/chat/events?wait=0").json()["lines"]


def test_good_and_unknown_details_get_the_same_answer(client: httpx.Client) -> None:
    good = client.post(IDENTIFY, json=DETAILS)
    shown = lines(client)
    unknown = client.post(IDENTIFY, json={**DETAILS, "uci": "0000-0999"})
    assert (good.status_code, good.json()) == (unknown.status_code, unknown.json())
    assert good.status_code == 202
    later = lines(client)[len(shown) :]
    assert [line["text"] for line in shown] == [line["text"] for line in later]
    assert later[-1]["card"] == {"kind": "code"}


@pytest.mark.parametrize(("language", "word"), [("en", "Enter a UCI"), ("fr", "Entrez un IUC")])
def test_errors_are_by_field_in_the_conversation_s_language_and_in_order(
    client: httpx.Client, database: Database, language: str, word: str
) -> None:
    client.post("/api/chat/language", json={"language": language})
    answer = client.post(IDENTIFY, json=dict.fromkeys(DETAILS, ""))
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert list(errors) == list(DETAILS)
    assert errors["uci"].startswith(word)
    with database.read() as session:
        assert session.scalar(select(Outbound)) is None


def test_the_details_do_not_reach_the_engine(client: httpx.Client, database: Database) -> None:
    client.post(IDENTIFY, json=DETAILS)
    client.post(CODE, json={"code": mailed_code(database)})
    with database.read() as session:
        texts = list(session.scalars(select(Inbox.text)))
    assert texts == ["EXTERNAL_opened", "EXTERNAL_verified"]


def test_a_right_code_rotates_the_cookie_and_the_old_one_is_dead(
    client: httpx.Client, database: Database
) -> None:
    client.post(IDENTIFY, json=DETAILS)
    old = client.cookies["passage"]
    answer = client.post(CODE, json={"code": mailed_code(database)})
    assert (answer.status_code, answer.json()) == (200, {"verified": True})
    assert client.cookies["passage"] != old
    assert client.get("/api/chat/conversation").json()["verified"] is True
    thief = {"Cookie": f"passage={old}"}
    planted = httpx.get(client.base_url.join("/api/chat/conversation"), headers=thief)
    assert planted.status_code == 401


def test_the_stream_of_the_old_session_ends_without_what_follows(
    client: httpx.Client, database: Database
) -> None:
    client.post(IDENTIFY, json=DETAILS)
    old = {"Cookie": f"passage={client.cookies['passage']}"}
    with stream(httpx.Client(base_url=client.base_url, timeout=30), **old) as events:
        assert events.line()["author"] == "user"
        assert events.line()["card"] == {"kind": "code"}
        client.post(CODE, json={"code": mailed_code(database)})
        assert events.line() is None
    with stream(client, 2) as events:
        assert events.line()["author"] == "user"
        assert events.line()["author"] == "system"
        assert events.state(verified=True)


@pytest.mark.parametrize("code", ["", "1234", "123456789", "abcd efgh", "1" * 200])
def test_what_is_no_code_costs_no_try(client: httpx.Client, database: Database, code: str) -> None:
    client.post(IDENTIFY, json=DETAILS)
    for _ in range(6):
        answer = client.post(CODE, json={"code": code})
        assert answer.status_code == 422
        assert (answer.json()["code"], answer.json()["tries_left"]) == ("code_format", None)
    right = client.post(CODE, json={"code": mailed_code(database)})
    assert right.status_code == 200


def test_five_wrong_tries_are_counted_down_and_end_the_code(
    client: httpx.Client, database: Database
) -> None:
    client.post(IDENTIFY, json=DETAILS)
    right = mailed_code(database)
    wrong = "0000 0000" if right != "0000 0000" else "0000 0001"
    answers = [client.post(CODE, json={"code": wrong}).json() for _ in range(5)]
    assert [answer["tries_left"] for answer in answers] == [4, 3, 2, 1, 0]
    assert [answer["code"] for answer in answers] == ["code_wrong"] * 4 + ["code_over"]
    late = client.post(CODE, json={"code": right})
    assert (late.status_code, late.json()["code"]) == (422, "code_over")
    assert client.get("/api/chat/conversation").json()["verified"] is False


def test_log_out_of_a_verified_session_ends_it(client: httpx.Client, database: Database) -> None:
    client.post(IDENTIFY, json=DETAILS)
    client.post(CODE, json={"code": mailed_code(database)})
    token = client.cookies["passage"]
    assert client.post("/api/chat/end", json={}).status_code == 204
    client.cookies["passage"] = token
    assert client.get("/api/chat/transcript").status_code == 401
