"""What an agent sees and does in a conversation, and what nobody else can."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from bot.chat.conversations import add_line, open_conversation
from bot.clock import now
from bot.identity.sessions import open_session, verify_session
from bot.store import (
    Application,
    AuditEntry,
    CannedReply,
    Database,
    Handoff,
    Line,
    Person,
    Phone,
    PostalAddress,
)
from bot.store.keys import INDEX_BYTES
from tests.connectors.people import add_helene, add_zoe
from tests.connectors.serving import Front
from tests.desk.conftest import NewAgent
from tests.desk.staff import ask_for_person, form_token

CLIENT_ID = "c0ffee00c0ffee00"


class Talk:
    """A conversation that waits, from its own side."""

    def __init__(self, database: Database, language: str = "en", channel: str = "web") -> None:
        self.database = database
        with database.write() as session:
            self.id = open_conversation(session, channel, language)
        self.handoff = ask_for_person(database, self.id)
        self.url = f"/api/desk/conversations/{self.handoff}"

    def lines(self, author: str) -> list[str]:
        with self.database.read() as session:
            rows = session.scalars(
                select(Line.body)
                .where(Line.conversation_id == self.id, Line.author == author)
                .order_by(Line.number)
            )
            return [body["text"] for body in rows]

    def row(self) -> Any:
        with self.database.read() as session:
            found = session.get(Handoff, self.handoff)
            session.expunge(found)
            return found


@pytest.fixture
def talk(desk: Front, database: Database) -> Talk:
    return Talk(database)


def say(browser: httpx.Client, talk: Talk, text: str, client_id: str = CLIENT_ID) -> int:
    body = {"client_id": client_id, "text": text}
    return browser.post(f"{talk.url}/messages", json=body).status_code


def acts(database: Database, agent: str) -> list[str]:
    with database.read() as session:
        rows = session.scalars(
            select(AuditEntry.act).where(AuditEntry.agent == agent).order_by(AuditEntry.position)
        )
        return [act for act in rows if not act.startswith("desk_")]


def test_the_second_agent_sees_and_cannot_send(agent: NewAgent, talk: Talk) -> None:
    ada, benoit = agent("ada"), agent("benoit")
    assert ada.post(f"{talk.url}/claim", json={}).json()["mine"]
    assert benoit.post(f"{talk.url}/claim", json={}).status_code == 409
    seen = benoit.get(talk.url).json()
    assert (seen["mine"], seen["can_take"], seen["owner"]) == (False, False, "Ada")
    assert benoit.get(f"{talk.url}/events").status_code == 200
    assert say(benoit, talk, "me too") == 409
    for act, body in (
        ("return", {}), ("close", {"outcome": "solved"}), ("identity", {}),
        ("transfer", {"text": "mine", "to": ""}), ("file", {"id": 1, "reason": "question"}),
    ):  # fmt: skip
        assert benoit.post(f"{talk.url}/{act}", json=body).status_code == 409, act
    assert talk.lines("agent") == []
    assert benoit.post(f"{talk.url}/note", json={"text": "I know them"}).status_code == 200
    assert say(ada, talk, "hello") == 202
    assert talk.lines("agent") == ["hello"]


def test_a_conversation_in_a_language_that_the_agent_does_not_speak_is_not_theirs(
    agent: NewAgent, database: Database, desk: Front
) -> None:
    french = Talk(database, "fr")
    ada = agent("ada")
    assert ada.get("/api/desk/queue?view=waiting").json()["rows"] == []
    assert ada.get(french.url).status_code == 404
    assert ada.post(f"{french.url}/claim", json={}).status_code == 409
    assert ada.post("/api/desk/next", json={}).status_code == 404


def test_the_same_message_twice_is_one_line(agent: NewAgent, talk: Talk) -> None:
    ada = agent("ada")
    ada.post(f"{talk.url}/claim", json={})
    assert [say(ada, talk, "hello"), say(ada, talk, "hello")] == [202, 202]
    assert talk.lines("agent") == ["hello"]


def test_what_shows_a_file_stays_masked_in_the_transcript(
    agent: NewAgent, talk: Talk, database: Database
) -> None:
    with database.write() as session:
        card = {"kind": "case", "case": {"title": "CANARY"}}
        add_line(session, talk.id, "bot", {"text": "CANARY", "lang": "en", "card": card})
        choices = [{"id": "secret-choice-id", "label": "Yes"}]
        add_line(session, talk.id, "bot", {"text": "Sure?", "lang": "en", "choices": choices})
    ada = agent("ada")
    ada.post(f"{talk.url}/claim", json={})
    events = ada.get(f"{talk.url}/events").text
    assert "CANARY" not in events
    assert "secret-choice-id" not in events and '"Yes"' in events


def sign_in_zoe(database: Database, talk: Talk) -> int:
    """The person of the conversation proves that she is Zoe; her application's id."""
    with database.write() as session:
        zoe = session.scalars(select(Person).where(Person.uci_index.is_not(None))).first()
        open_session(session, talk.id)
        session.flush()
        verify_session(session, talk.id, zoe.id)
        return int(session.scalar(select(Application.id)))


def test_the_file_opens_only_proven_with_a_reason_and_each_view_is_one_row(
    agent: NewAgent, talk: Talk, database: Database
) -> None:
    add_zoe(database)
    ada = agent("ada")
    ada.post(f"{talk.url}/claim", json={})
    with database.read() as session:
        application = int(session.scalar(select(Application.id)))
    body = {"id": application, "reason": "question"}
    assert ada.post(f"{talk.url}/file", json=body).status_code == 409, "nobody proved anything"
    sign_in_zoe(database, talk)
    view = ada.get(talk.url).json()
    assert view["proven"] and [one["id"] for one in view["files"]] == [application]
    assert ada.post(f"{talk.url}/file", json={"id": application}).status_code == 400
    other = {"id": application + 1, "reason": "question"}
    assert ada.post(f"{talk.url}/file", json=other).status_code == 409
    before = acts(database, "ada").count("desk.file_shown")
    shown = ada.post(f"{talk.url}/file", json=body).json()
    assert shown["card"]["kind"] == "case"
    assert (before, acts(database, "ada").count("desk.file_shown")) == (0, 1)
    with database.read() as session:
        row = session.execute(
            select(AuditEntry).where(AuditEntry.act == "desk.file_shown")
        ).scalar_one()
    assert (row.application_id, row.conversation_id) == (application, talk.id)
    assert row.detail["reason"] == "question"


def test_no_contact_detail_is_shown_with_or_without_a_reason(
    agent: NewAgent, talk: Talk, database: Database
) -> None:
    """E-mail, telephone and address are not in the panel: there is none to reveal."""
    add_zoe(database)
    application = sign_in_zoe(database, talk)
    with database.write() as session:
        zoe = session.scalars(select(Person).where(Person.uci_index.is_not(None))).first()
        email = zoe.details["email"]
        street = {"street": "4711 Quokka Lane", "postal_code": "K1A 0B1"}
        session.add(PostalAddress(person_id=zoe.id, value=street, since=now()))
        session.add(
            Phone(
                number_index=b"x" * INDEX_BYTES, number="+16135550147", conversation_id=talk.id,
                language="en", created_at=now(), last_at=now(),
            )
        )  # fmt: skip
    ada = agent("ada")
    ada.post(f"{talk.url}/claim", json={})
    opened = ada.post(f"{talk.url}/file", json={"id": application, "reason": "question"})
    assert opened.status_code == 200
    looks = (talk.url, f"{talk.url}/events", "/api/desk/queue?view=mine")
    shown = opened.text + "".join(ada.get(path).text for path in looks)
    assert email and not [one for one in (email, "4711", "K1A", "5550147") if one in shown]


def test_a_representative_shows_as_one(agent: NewAgent, talk: Talk, database: Database) -> None:
    add_zoe(database)
    add_helene(database)
    with database.write() as session:
        helene = session.scalars(select(Person).where(Person.uci_index.is_(None))).one()
        open_session(session, talk.id)
        session.flush()
        verify_session(session, talk.id, helene.id)
    ada = agent("ada")
    ada.post(f"{talk.url}/claim", json={})
    assert ada.get(talk.url).json()["representative"]


def test_every_look_at_a_conversation_is_one_row(
    agent: NewAgent, talk: Talk, database: Database
) -> None:
    ada = agent("ada")
    for _ in range(3):
        ada.get(talk.url)
    assert acts(database, "ada") == ["desk.conversation_shown"] * 3


def test_asking_for_identity_puts_the_form_into_the_conversation(
    agent: NewAgent, talk: Talk, database: Database
) -> None:
    add_zoe(database)
    ada = agent("ada")
    ada.post(f"{talk.url}/claim", json={})
    assert ada.post(f"{talk.url}/identity", json={}).json() == {"asked": True}
    with database.read() as session:
        newest = session.scalars(
            select(Line.body).where(Line.conversation_id == talk.id).order_by(Line.number.desc())
        ).first()
    assert newest["card"]["kind"] == "identify"
    sign_in_zoe(database, talk)
    assert ada.post(f"{talk.url}/identity", json={}).json() == {"asked": False}


def test_by_text_message_nobody_is_asked_for_identity(
    agent: NewAgent, database: Database, desk: Front
) -> None:
    talk = Talk(database, channel="sms")
    ada = agent("ada")
    ada.post(f"{talk.url}/claim", json={})
    assert ada.post(f"{talk.url}/identity", json={}).status_code == 409


def test_transfer_return_and_close(agent: NewAgent, talk: Talk, database: Database) -> None:
    ada, benoit = agent("ada"), agent("benoit")
    ada.post(f"{talk.url}/claim", json={})
    assert ada.post(f"{talk.url}/transfer", json={"text": " ", "to": ""}).status_code == 422
    passed = {"text": "Knows the photo rules", "to": "benoit"}
    assert ada.post(f"{talk.url}/transfer", json=passed).status_code == 200
    assert ada.post(f"{talk.url}/claim", json={}).status_code == 409, "it is meant for Benoît"
    view = benoit.post(f"{talk.url}/claim", json={}).json()
    assert view["notes"][-1]["text"] == "Knows the photo rules"
    assert benoit.post(f"{talk.url}/return", json={}).json()["state"] == "returned"
    again = ask_for_person(database, talk.id)
    url = f"/api/desk/conversations/{again}"
    benoit.post(f"{url}/claim", json={})
    assert benoit.post(f"{url}/close", json={"outcome": "nonsense"}).status_code == 400
    assert benoit.post(f"{url}/close", json={"outcome": "solved"}).json()["state"] == "closed"


def test_a_ready_reply_without_one_language_is_not_saved(
    agent: NewAgent, database: Database
) -> None:
    dev = agent("dev")
    form = {"form_token": form_token(dev, "/en/replies"), "name": "Hello", "en": "Hello"}

    def save(**more: str) -> int:
        return dev.post("/en/replies", data={**form, **more}).status_code

    assert [save(), save(fr="  "), save(fr="Bonjour")] == [422, 422, 303]
    with database.read() as session:
        assert session.scalar(select(func.count(CannedReply.id))) == 1
    ada = agent("ada")
    token = form_token(ada, "/en/replies")
    theirs = {**form, "fr": "Bonjour", "form_token": token}
    assert ada.post("/en/replies", data=theirs).status_code == 403, "agents only use them"


def test_the_queue_s_mark_changes_with_every_change(
    agent: NewAgent, talk: Talk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.listing.FRESH", 0)
    ada = agent("ada")
    mark = ada.get("/api/desk/queue?view=all").json()["mark"]
    assert ada.get(f"/api/desk/queue?view=all&seen={mark}").json()["same"]
    with database.write() as session:
        session.execute(update(Handoff).values(version=Handoff.version + 1))
    assert "rows" in ada.get(f"/api/desk/queue?view=all&seen={mark}").json()


def test_who_signs_out_leaves_nobody_behind(agent: NewAgent, talk: Talk) -> None:
    ada = agent("ada")
    ada.post(f"{talk.url}/claim", json={})
    token = form_token(ada, "/en")
    assert ada.post("/en/sign-out", data={"form_token": token}).status_code == 303
    row = talk.row()
    assert (row.state, row.agent_id) == ("queued", None)
