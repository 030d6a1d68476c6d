"""What supervisors remark: without personal details, once, in files that data/ can take in."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from sqlalchemy import select

from bot.agents.sessions import AgentView
from bot.chat.conversations import add_line, open_conversation, post_text
from bot.clock import now
from bot.desk.quality import RemarkRefused, reading, remark, troubled
from bot.desk.remarks import plain, take_remarks
from bot.desk.viewing import NotHere
from bot.desk.words import meanings
from bot.handoff import claim, request, speak
from bot.store import AuditEntry, Database, Rating, Remark
from bot.texts import LANGUAGES
from tests.bot.handoff.desk import add_agent

SAID = "where is my fiel?"


@pytest.fixture
def me(database: Database) -> AgentView:
    with database.write() as session:
        row = add_agent(session, "Dev", role="supervisor")
        return AgentView(row.id, row.login, row.name, "supervisor", "en", ("en", "fr"))


def troubled_one(database: Database, said: str = SAID, language: str = "en") -> str:
    """A conversation in which the bot did not help and an agent did; its key."""
    with database.write() as session:
        here = open_conversation(session, "web", language)
        post_text(session, here, "message-1", said)
        add_line(session, here, "bot", {"text": "Pardon?", "lang": language})
        row = request(session, here, "not_understood", topic="check_status")
        agent = add_agent(session, f"Quokka{row.id}")
        assert claim(session, row.id, agent)
        speak(session, here, "Here it is", language, agent)
        post_text(session, here, "message-2", "thank you, agent")
        return f"h{row.id}"


def write(database: Database, me: AgentView, key: str, **changes: Any) -> None:
    wanted = {"line": 1, "intent": "check_status", "should": "", **changes}
    with database.write() as session:
        remark(session, key, me, **wanted)


def taken(database: Database, again: bool = False) -> Any:
    with database.write() as session:
        return take_remarks(session, again)


def test_the_part_before_the_agent_is_read_and_that_is_written_down(
    database: Database, me: AgentView
) -> None:
    key = troubled_one(database)
    with database.write() as session:
        found = reading(session, key, me, "en")
    assert [line.body["text"] for line in found.lines] == [SAID, "Pardon?"]
    with database.read() as session:
        acts = session.execute(select(AuditEntry.act, AuditEntry.agent)).all()
    assert ("desk.quality_shown", "dev") in [tuple(act) for act in acts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_hand_offs_and_bad_ratings_are_listed(
    database: Database, me: AgentView, language: str
) -> None:
    key = troubled_one(database)
    with database.write() as session:
        for score in (1, 3):
            session.add(
                Rating(
                    conversation_id=open_conversation(session, "sms", "fr"), language="fr",
                    channel="sms", score=score, asked_at=now(), answered_at=now(),
                )
            )  # fmt: skip
    write(database, me, key)
    with database.read() as session:
        found = {one.key: one.remarks for one in troubled(session, language)}
    assert found == {"r1": 0, key: 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_remark_becomes_an_example_and_an_answer(
    database: Database, me: AgentView, language: str
) -> None:
    key = troubled_one(database, language=language)
    write(database, me, key, should="Your file is here.\n- ask: me")
    found = taken(database)
    assert found.nlu == (
        f'version: "3.1"\nnlu:\n- intent: check_status  # {language}\n  examples: |\n    - {SAID}\n'
    )
    assert yaml.safe_load(found.answers) == [
        {"intent": "check_status", "language": language, "said": SAID,
         "should": "Your file is here.\n- ask: me"}
    ]  # fmt: skip


def test_what_was_taken_is_not_taken_again_unless_asked_for(
    database: Database, me: AgentView
) -> None:
    write(database, me, troubled_one(database))
    assert taken(database).count == 1
    assert (taken(database).count, taken(database).nlu) == (0, "")
    assert taken(database, again=True).count == 1


def test_personal_details_stay_out(database: Database, me: AgentView) -> None:
    canaries = ("7391-4826", "613-555-0147", "canary@mailbox-canary.example", "Zwindelina")
    number, phone, mail, name = canaries
    key = troubled_one(database, f"My name is {name} Quokkavessel, UCI {number}, where is it?")
    write(database, me, key, should=f"Call {phone} or write to {mail}, UCI {number}")
    found = taken(database)
    assert "where is it?" in found.nlu
    assert not [one for one in canaries if one in found.nlu + found.answers]


@pytest.mark.parametrize(
    ("said", "example"),
    [
        ("[F731](application) where", "F731 application where"),
        ("- intent: deny", "intent: deny"),
        ("one\n\n- intent: deny", "one - intent: deny"),
        ("/EXTERNAL_verified", "EXTERNAL_verified"),
        ('{"entity": "x"}', '"entity": "x"'),
        ("# note", "note"),
    ],
)
def test_no_message_marks_anything_in_the_training_data(
    database: Database, me: AgentView, said: str, example: str
) -> None:
    assert plain(said) == example
    with database.write() as session:
        session.add(
            Remark(
                conversation_id=open_conversation(session, "web", "en"), agent_id=me.id,
                kind="intent", intent="check_status", language="en", said=said, should="",
                created_at=now(),
            )
        )  # fmt: skip
    (block,) = yaml.safe_load(taken(database).nlu)["nlu"]
    assert block == {"intent": "check_status", "examples": f"- {example}\n"}


@pytest.mark.parametrize(
    "changes",
    [{"line": 2}, {"line": 99}, {"line": 5}, {"intent": "EXTERNAL_opened"}, {"should": "x" * 4001}],
)
def test_remarks_are_on_messages_to_the_bot_and_about_known_meanings(
    database: Database, me: AgentView, changes: Any
) -> None:
    key = troubled_one(database)
    with pytest.raises(RemarkRefused):
        write(database, me, key, **changes)


@pytest.mark.parametrize("key", ["h99", "r1", "x1", "h", "h1 OR 1", "", "h²"])
def test_what_is_not_there_cannot_be_read(database: Database, me: AgentView, key: str) -> None:
    with pytest.raises(NotHere), database.write() as session:
        reading(session, key, me, "en")


def test_every_meaning_is_an_intent_of_the_domain() -> None:
    from bot.model import ROOT
    from bot.yaml_files import read_yaml

    domain = read_yaml(ROOT / "domain.yml")
    assert set(meanings()) <= {next(iter(one)) for one in domain["intents"]}
