"""A conversation has one owner: claims are atomic, the bot is silent, and nobody else speaks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from bot import handoff
from bot.chat.conversations import add_choices, add_line, post_choice, post_signal, post_text
from bot.chat.owning import BotSilenced, service_author
from bot.clock import now
from bot.handoff import NothingSaid, NotYours
from bot.store import Agent, AuditEntry, Database, Handoff, HandoffNote, Inbox
from bot.texts import say
from tests.bot.handoff.desk import add_agent, add_waiting, fresh, offered, spoken


def inbox(database: Database, conversation_id: str) -> dict[str, str]:
    with database.read() as session:
        rows = session.execute(
            select(Inbox.text, Inbox.state).where(Inbox.conversation_id == conversation_id)
        ).all()
    return {row.text: row.state for row in rows}


def test_of_many_agents_at_once_one_gets_the_conversation(database: Database) -> None:
    with database.write() as session:
        agents = [add_agent(session, f"Agent {number}").id for number in range(8)]
        waiting = add_waiting(session)

    def take(agent_id: int) -> bool:
        with database.write() as session:
            return handoff.claim(session, waiting.id, session.get(Agent, agent_id))

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(take, agents))
    assert won.count(True) == 1
    with database.read() as session:
        row = fresh(session, waiting)
        assert (row.state, row.agent_id) == ("active", agents[won.index(True)])
        claims = select(func.count()).where(AuditEntry.act == "handoff.claimed")
        assert session.scalar(claims) == 1


def test_who_does_not_speak_the_language_is_neither_offered_it_nor_gets_it(
    database: Database,
) -> None:
    with database.write() as session:
        anne, basile = add_agent(session, "Anne", "en"), add_agent(session, "Basile", "fr")
        waiting = add_waiting(session, "fr")
        assert offered(session, anne) == offered(session, anne, "all") == []
        assert offered(session, basile) == [waiting.id]
        assert not handoff.claim(session, waiting.id, anne)
        assert handoff.claim(session, waiting.id, basile)


def test_urgent_ones_come_first_and_then_who_asked_first(database: Database) -> None:
    with database.write() as session:
        anne = add_agent(session, "Anne")
        first, second = add_waiting(session), add_waiting(session)
        urgent = add_waiting(session, reason="urgent_need")
        order = offered(session, anne)
    assert order == [urgent.id, first.id, second.id]


def test_asking_again_keeps_the_place_and_a_conversation_waits_once(database: Database) -> None:
    with database.write() as session:
        waiting = add_waiting(session)
        again = handoff.request(session, waiting.conversation_id, "urgent_need")
        assert (again.id, again.urgent, again.asked_at) == (waiting.id, True, waiting.asked_at)
    twin = {
        column.name: getattr(waiting, column.name)
        for column in Handoff.__table__.columns
        if column.name != "id"
    }
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Handoff(**twin))


def test_what_the_bot_had_not_answered_is_the_agents(database: Database) -> None:
    with database.write() as session:
        anne, waiting = add_agent(session, "Anne"), add_waiting(session)
        here = waiting.conversation_id
        post_text(session, here, "a", "before")
        handoff.claim(session, waiting.id, anne)
        assert fresh(session, waiting).wrote_at is not None
        post_text(session, here, "b", "meanwhile")
        (choice,) = add_choices(session, here, [{"label": "Go", "intent": "x", "entities": {}}])
        post_choice(session, here, "c", choice["id"])
        post_signal(session, here, "EXTERNAL_verified")
        assert handoff.owner(session, here) == "agent"
    assert set(inbox(database, here).values()) == {"agent"}


def test_the_bot_cannot_write_a_line_while_an_agent_has_the_conversation(
    database: Database,
) -> None:
    with database.write() as session:
        anne, waiting = add_agent(session, "Anne"), add_waiting(session)
        add_line(session, waiting.conversation_id, "bot", {"text": "waiting"})
        handoff.claim(session, waiting.id, anne)
        assert service_author(session, waiting.conversation_id) == "system"
    with pytest.raises(BotSilenced), database.write() as session:
        add_line(session, waiting.conversation_id, "bot", {"text": "no"})
    assert ("bot", "no") not in spoken(database, waiting.conversation_id)


def test_the_second_agent_sees_and_cannot_send(database: Database) -> None:
    with database.write() as session:
        anne, basile = add_agent(session, "Anne"), add_agent(session, "Basile")
        waiting = add_waiting(session)
        here = waiting.conversation_id
        with pytest.raises(NotYours):
            handoff.speak(session, here, "too early", "en", anne)
        handoff.claim(session, waiting.id, anne)
        for act in (
            lambda: handoff.speak(session, here, "no", "en", basile),
            lambda: handoff.give_back(session, here, basile),
            lambda: handoff.close(session, here, basile, "solved"),
            lambda: handoff.transfer(session, here, basile, "note"),
        ):
            with pytest.raises(NotYours):
                act()
        assert handoff.speak(session, here, "Hello", "en", anne, "x") == handoff.speak(
            session, here, "Hello", "en", anne, "x"
        ), "sent again it is the same line"
    assert [text for author, text in spoken(database, here) if author == "agent"] == ["Hello"]


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "x" * 4_001])
def test_nothing_is_not_said(database: Database, text: str) -> None:
    with database.write() as session:
        anne, waiting = add_agent(session, "Anne"), add_waiting(session)
        handoff.claim(session, waiting.id, anne)
        with pytest.raises(NothingSaid):
            handoff.speak(session, waiting.conversation_id, text, "en", anne)


def test_what_the_agent_did_not_see_goes_back_to_the_bot(database: Database) -> None:
    with database.write() as session:
        anne, waiting = add_agent(session, "Anne"), add_waiting(session)
        here = waiting.conversation_id
        handoff.claim(session, waiting.id, anne)
        post_text(session, here, "a", "answered")
        handoff.speak(session, here, "Yes", "en", anne)
        post_text(session, here, "b", "shown")
        handoff.seen(session, waiting.id, anne, fresh(session, waiting).from_line + 4)
        post_text(session, here, "c", "too late")
        handoff.give_back(session, here, anne)
        assert handoff.owner(session, here) == "bot"
    assert inbox(database, here) == {"answered": "agent", "shown": "agent", "too late": "new"}


def test_who_stops_waiting_is_answered_by_the_bot(database: Database) -> None:
    """The agent was lost before they saw the message."""
    with database.write() as session:
        anne, waiting = add_agent(session, "Anne"), add_waiting(session)
        here = waiting.conversation_id
        handoff.claim(session, waiting.id, anne)
        post_text(session, here, "a", "unseen")
        handoff.sign_off(session, anne)
        assert handoff.withdraw(session, here)
        assert not handoff.withdraw(session, here)
    assert inbox(database, here) == {"unseen": "new"}


def test_a_transfer_takes_its_note_and_may_be_meant_for_one(database: Database) -> None:
    with database.write() as session:
        anne, basile = add_agent(session, "Anne"), add_agent(session, "Basile")
        english = add_agent(session, "Erin", "en")
        waiting = add_waiting(session, "fr")
        here = waiting.conversation_id
        handoff.claim(session, waiting.id, anne)
        for text, to in (("  ", basile), ("note", english)):
            with pytest.raises(ValueError):
                handoff.transfer(session, here, anne, text, to=to)
        handoff.transfer(session, here, anne, "Knows the file", to=basile)
        assert not handoff.claim(session, waiting.id, anne)
        assert handoff.claim(session, waiting.id, basile)
        (note,) = handoff.notes(session, here)
        assert (note.kind, note.text, note.to_agent_id) == ("transfer", "Knows the file", basile.id)
    assert say("fr", "handoff.transferred") in [text for _, text in spoken(database, here)]


def test_notes_and_private_words_are_no_lines(database: Database) -> None:
    with database.write() as session:
        anne, boss = add_agent(session, "Anne"), add_agent(session, "Zoé", role="supervisor")
        waiting = add_waiting(session)
        assert not handoff.word(session, waiting.id, boss, "nobody is there yet")
        handoff.claim(session, waiting.id, anne)
        handoff.note(session, waiting.id, boss, "secret note")
        assert handoff.word(session, waiting.id, boss, "secret word")
        kinds = set(session.scalars(select(HandoffNote.kind)))
    assert kinds == {"note", "word"}
    assert not any("secret" in text for _, text in spoken(database, waiting.conversation_id))


def test_a_supervisor_moves_a_conversation(database: Database) -> None:
    with database.write() as session:
        anne, basile = add_agent(session, "Anne"), add_agent(session, "Basile")
        boss = add_agent(session, "Zoé", role="supervisor")
        waiting = add_waiting(session)
        handoff.claim(session, waiting.id, anne)
        assert handoff.reassign(session, waiting.id, boss, basile)
        with pytest.raises(NotYours):
            handoff.speak(session, waiting.conversation_id, "still here", "en", anne)
        assert handoff.claim(session, waiting.id, basile)
        handoff.close(session, waiting.conversation_id, basile, "solved")
        assert not handoff.reassign(session, waiting.id, boss, anne)


def test_the_trail_names_the_agent_however_long_their_login_is(database: Database) -> None:
    with database.write() as session:
        anne, waiting = add_agent(session, "a" * 60), add_waiting(session)
        anne.login = f"{'a' * 100}@example.ca"
        session.flush()
        handoff.claim(session, waiting.id, anne)
        handoff.give_back(session, waiting.conversation_id, anne)
        acts = session.execute(select(AuditEntry.act, AuditEntry.agent)).all()
    assert [tuple(row) for row in acts] == [
        ("handoff.claimed", "a" * 40), ("handoff.returned", "a" * 40),
    ]  # fmt: skip


def test_an_agent_who_left_claims_nothing(database: Database) -> None:
    with database.write() as session:
        anne, waiting = add_agent(session, "Anne"), add_waiting(session)
        session.execute(update(Agent).values(ended_at=now()))
        session.refresh(anne)
        assert not handoff.claim(session, waiting.id, anne)
