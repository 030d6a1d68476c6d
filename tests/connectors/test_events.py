"""Reading the conversation: nothing lost, nothing doubled, in order, by stream and by poll."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from bot.chat.bell import Bell
from bot.chat.conversations import add_line
from bot.clock import now
from bot.identity.sessions import end_sessions
from bot.store import Conversation, Database, Inbox
from connectors.webchat import events as events_module
from connectors.webchat import hub as hub_module
from tests.connectors.serving import Front, StandIn
from tests.connectors.sse import stream


@pytest.fixture(autouse=True)
def opened(client: httpx.Client, database: Database) -> str:
    client.post("/api/chat/conversations", json={"language": "en"})
    with database.write() as session:
        session.execute(update(Inbox).values(state="done"))
        return session.scalar(select(Conversation.id))


def say(database: Database, conversation: str, *texts: str) -> None:
    with database.write() as session:
        for text in texts:
            add_line(session, conversation, "bot", {"text": text, "lang": "en"})


def post(client: httpx.Client, text: str) -> None:
    client.post("/api/chat/messages", json={"client_id": f"message-{text}", "text": text})


def test_a_poll_gives_the_lines_after_the_cursor(
    client: httpx.Client, database: Database, opened: str
) -> None:
    say(database, opened, "one", "two", "three")
    answer = client.get("/api/chat/events?cursor=1").json()
    assert [line["text"] for line in answer["lines"]] == ["two", "three"]
    assert answer["cursor"] == 3
    line = answer["lines"][0]
    assert (line["number"], line["author"], line["client_id"], line["lang"]) == (
        2,
        "bot",
        None,
        "en",
    )


def test_a_poll_with_nothing_new_keeps_its_cursor(client: httpx.Client) -> None:
    answer = client.get("/api/chat/events?cursor=7&wait=0").json()
    expected = {"cursor": 7, "waiting": False, "delayed": False, "verified": False}
    assert answer == {"lines": [], **expected}


def test_a_waiting_poll_is_woken_by_a_line(
    client: httpx.Client, database: Database, opened: str
) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.get, "/api/chat/events?wait=25")
        say(database, opened, "here")
        assert [line["text"] for line in waiting.result().json()["lines"]] == ["here"]


def test_a_stream_gives_history_then_news_in_order(
    client: httpx.Client, database: Database, opened: str
) -> None:
    say(database, opened, *(f"old {n}" for n in range(450)))
    with stream(client) as events:
        texts = [events.line()["text"] for _ in range(450)]
        assert texts == [f"old {n}" for n in range(450)]
        say(database, opened, "new")
        number, name, data = events.next()
        while name == "state":
            number, name, data = events.next()
        assert (number, data["text"]) == ("451", "new")


def test_last_event_id_counts_instead_of_the_cursor(
    client: httpx.Client, database: Database, opened: str
) -> None:
    say(database, opened, "one", "two", "three")
    with stream(client, cursor=0, **{"Last-Event-ID": "2"}) as events:
        assert events.line()["text"] == "three"
    with stream(client, cursor=1, **{"Last-Event-ID": "nonsense"}) as events:
        assert events.line()["text"] == "two"


def test_every_reconnect_at_any_cursor_sees_every_later_line_once(
    client: httpx.Client, database: Database, opened: str
) -> None:
    say(database, opened, *(str(n) for n in range(1, 21)))
    for cursor in range(21):
        lines = client.get(f"/api/chat/events?cursor={cursor}&wait=0").json()["lines"]
        assert [line["number"] for line in lines] == list(range(cursor + 1, 21))


def test_waiting_is_said_while_a_message_is_unanswered(
    client: httpx.Client, database: Database
) -> None:
    with stream(client) as events:
        assert events.state() == {"waiting": False, "delayed": False, "verified": False}
        post(client, "question")
        assert events.line()["text"] == "question"
        assert events.state(waiting=True)["delayed"] is False
        assert StandIn(database).turn()
        assert events.line()["text"] == "en: question"
        assert events.state(waiting=False)


def test_delayed_is_said_when_the_answer_is_long_in_coming(
    client: httpx.Client, database: Database
) -> None:
    with stream(client) as events:
        post(client, "question")
        assert events.state(waiting=True)["delayed"] is False
        with database.write() as session:
            session.execute(update(Inbox).values(received_at=now() - timedelta(seconds=9)))
        assert events.state(delayed=True)["waiting"] is True


def test_the_bell_alone_wakes_the_stream(
    front: Front, client: httpx.Client, database: Database, opened: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(hub_module, "LOOK_EVERY", 3600)
    Bell(front.settings.home, "front").ring()  # ends the look that is still under way
    with stream(client) as events:
        events.state()
        say(database, opened, "rung")
        Bell(front.settings.home, "front").ring()
        assert events.line()["text"] == "rung"


def test_a_quiet_stream_says_that_it_is_alive(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "HEARTBEAT", 0.05)
    with stream(client) as events:
        for line in events.response.iter_lines():
            if line == ": still here":
                break


def test_the_stream_ends_with_its_session(
    client: httpx.Client, database: Database, opened: str
) -> None:
    with stream(client) as events:
        events.state()
        with database.write() as session:
            end_sessions(session, opened)
            add_line(session, opened, "bot", {"text": "not for you any more", "lang": "en"})
        assert events.line() is None
    assert client.get("/api/chat/events").status_code == 401


def test_a_stream_survives_a_database_that_is_away_for_a_moment(
    front: Front, client: httpx.Client, database: Database, opened: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    hub = front.app.ctx.front.hub
    looks: list[str] = []

    def away(_tokens: object) -> None:
        looks.append("failed")
        raise OSError("the database is away")

    with stream(client) as events:
        events.state()
        with monkeypatch.context() as patch:
            patch.setattr(hub, "_read", away)
            say(database, opened, "meanwhile")
            while not looks:
                hub.poke()
        assert events.line()["text"] == "meanwhile"


def test_one_session_cannot_open_streams_without_end(client: httpx.Client) -> None:
    opened = [stream(client) for _ in range(hub_module.MAX_STREAMS_PER_SESSION)]
    for one in opened:
        one.__enter__()
    answer = client.get("/api/chat/events", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "busy"
    for one in opened:
        one.__exit__(None, None, None)


@pytest.mark.parametrize(
    "query", ["cursor=-1", "cursor=x", "cursor=9999999999", "wait=26", "cursor=٣"]
)
def test_a_cursor_that_is_no_number_is_refused(client: httpx.Client, query: str) -> None:
    assert client.get(f"/api/chat/events?{query}").status_code == 400


def test_the_stream_is_not_for_whoever_has_no_session(front: Front) -> None:
    url = f"{front.url}/api/chat/events"
    answer = httpx.get(url, headers={"Accept": "text/event-stream", "Accept-Language": "fr"})
    assert answer.status_code == 401
    assert answer.json()["error"].startswith("Votre session")
