"""What the page is told while somebody waits for a person or talks with one."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select

from bot import handoff
from bot.chat.conversations import lines_after
from bot.store import Agent, Conversation, Database, Handoff, Inbox
from tests.bot.handoff.desk import add_agent
from tests.connectors.people import DETAILS, add_zoe


@pytest.fixture
def here(client: httpx.Client, database: Database) -> str:
    client.post("/api/chat/conversations", json={"language": "en"})
    with database.read() as session:
        return str(session.scalar(select(Conversation.id)))


@pytest.fixture
def anne(database: Database) -> Agent:
    with database.write() as session:
        agent = add_agent(session, "Anne")
        handoff.renew(session, agent)
    return agent


def state(client: httpx.Client) -> dict[str, object]:
    answer: dict[str, object] = client.get("/api/chat/events?cursor=99&wait=0").json()
    return answer


def claim(database: Database, here: str, agent: Agent) -> None:
    with database.write() as session:
        assert handoff.claim(session, handoff.request(session, here, "asked").id, agent)


def test_the_state_tells_place_then_agent_then_nothing(
    client: httpx.Client, database: Database, here: str, anne: Agent
) -> None:
    assert "person" not in state(client)
    with database.write() as session:
        handoff.request(session, here, "asked")
    waits = state(client)["person"]
    assert isinstance(waits, dict)
    assert (waits["state"], waits["position"], waits["minutes"]) == ("queued", 1, 1)
    claim(database, here, anne)
    talks = state(client)["person"]
    assert isinstance(talks, dict)
    assert (talks["state"], talks["agent"], talks["role"]) == ("active", "Anne", "agent")
    with database.write() as session:
        handoff.give_back(session, here, anne)
    assert "person" not in state(client)


def test_an_agents_line_carries_their_name_everywhere(
    client: httpx.Client, database: Database, here: str, anne: Agent
) -> None:
    claim(database, here, anne)
    with database.write() as session:
        handoff.speak(session, here, "Good morning", "en", anne)
    lines = client.get("/api/chat/events?cursor=0").json()["lines"]
    assert (lines[-1]["author"], lines[-1]["name"]) == ("agent", "Anne")
    assert "Anne, Agent" in client.get("/api/chat/transcript?format=txt").text
    assert "<bdi>Anne</bdi>, Agent" in client.get("/en/plain").text
    assert "You are talking with Anne, agent." in client.get("/en/plain").text


def test_a_message_to_an_agent_is_taken_in_and_not_waited_for(
    client: httpx.Client, database: Database, here: str, anne: Agent
) -> None:
    claim(database, here, anne)
    posted = client.post("/api/chat/messages", json={"client_id": "message-1", "text": "hello"})
    assert posted.status_code == 202
    assert state(client)["waiting"] is False, "the bot does not owe an answer"
    with database.read() as session:
        assert set(session.scalars(select(Inbox.state))) == {"agent"}


def test_typing_is_taken_in_while_an_agent_reads_along(
    client: httpx.Client, database: Database, here: str, anne: Agent
) -> None:
    claim(database, here, anne)
    assert client.post("/api/chat/typing", json={}).status_code == 204
    foreign = client.post("/api/chat/typing", json={}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    with database.read() as session:
        row = session.execute(select(Handoff)).scalar_one()
        assert handoff.is_typing(row.person_typing_at)


def test_a_form_that_is_sent_to_an_agent_is_answered_by_the_service_not_the_bot(
    client: httpx.Client, database: Database, here: str, anne: Agent
) -> None:
    add_zoe(database)
    claim(database, here, anne)
    assert client.post("/api/chat/identify", json=DETAILS).status_code == 202
    with database.read() as session:
        lines = lines_after(session, here, 0)
    cards = [(line.author, line.body["card"]["kind"]) for line in lines if "card" in line.body]
    assert cards == [("system", "code")]
    assert not any(line.author == "bot" for line in lines)
