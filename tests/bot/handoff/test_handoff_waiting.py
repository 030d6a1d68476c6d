"""Places and waiting times that are true, and what the applicant's page shows of them."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from bot import handoff
from bot.chat.conversations import open_conversation, set_language
from bot.clock import now
from bot.handoff import Outlook, Queue
from bot.handoff.rules import rules
from bot.handoff.waiting import ENOUGH
from bot.handoff.words import standing_text, waiting_text
from bot.store import Database, Phone
from bot.store import Outbound as Message
from bot.texts import say
from tests.bot.handoff.desk import add_agent, add_waiting, fresh

ZONE = rules().zone


def test_places_follow_the_queue_of_the_own_language(database: Database) -> None:
    with database.write() as session:
        first, french = add_waiting(session), add_waiting(session, "fr")
        second = add_waiting(session)
        queue = Queue(session, "en")
        assert [queue.of(each).position for each in (first, second)] == [1, 2]
        assert Queue(session, "fr").of(french).position == 1
        assert (queue.of_new(urgent=False).position, queue.of_new(urgent=True).position) == (3, 1)
        urgent = add_waiting(session, reason="urgent_need")
        queue = Queue(session, "en")
        assert [queue.of(each).position for each in (urgent, first, second)] == [1, 2, 3]


def test_without_an_agent_no_time_is_promised(database: Database) -> None:
    with database.write() as session:
        french = add_agent(session, "Basile", "fr")
        handoff.renew(session, french)
        outlook = Queue(session, "en").of(add_waiting(session))
    assert (outlook.agents, outlook.minutes) == (0, None)
    assert say("en", "handoff.nobody") in waiting_text("en", outlook, ZONE)


def test_minutes_come_from_agents_places_and_how_long_a_conversation_takes(
    database: Database,
) -> None:
    with database.write() as session:
        anne = add_agent(session, "Anne")  # three at once
        handoff.renew(session, anne)
        waiting = [add_waiting(session) for _ in range(12)]
        queue = Queue(session, "en")
        # The first three are taken at once; each further one needs 8/3 minutes more.
        assert [queue.of(each).minutes for each in waiting[:6]] == [1, 1, 1, 3, 10, 10]
        assert queue.of(waiting[11]).minutes == 30
        handoff.claim(session, waiting[0].id, anne)
        assert Queue(session, "en").of(waiting[3]).minutes == 3


def test_enough_conversations_of_our_own_replace_the_assumed_length(database: Database) -> None:
    with database.write() as session:
        anne = add_agent(session, "Anne")
    for _ in range(ENOUGH):
        with database.write() as session:
            waiting = add_waiting(session)
            handoff.claim(session, waiting.id, anne)
        with (
            time_machine.travel(now() + timedelta(minutes=29), tick=False),
            database.write() as session,
        ):
            handoff.close(session, waiting.conversation_id, anne, "solved")
    with time_machine.travel(now() + timedelta(hours=1), tick=False), database.write() as session:
        handoff.renew(session, anne)
        rows = [add_waiting(session) for _ in range(6)]
        assert Queue(session, "en").of(rows[5]).minutes == 30


def test_the_page_is_told_the_place_then_the_agent_then_nothing(database: Database) -> None:
    with database.write() as session:
        anne = add_agent(session, "Anne", role="officer")
        handoff.renew(session, anne)
        other = open_conversation(session, "web", "en")
        waiting = add_waiting(session)
        here = waiting.conversation_id
        found = handoff.standings(session, [here, other])
        assert set(found) == {here}
        assert (found[here].state, found[here].position, found[here].minutes) == ("queued", 1, 1)
        handoff.claim(session, waiting.id, anne)
        handoff.agent_types(session, waiting.id, anne)
        standing = handoff.standings(session, [here])[here]
        assert (standing.agent, standing.role, standing.typing) == ("Anne", "officer", True)
        assert "Anne" in standing_text("fr", standing, ZONE)
        handoff.speak(session, here, "Hello", "en", anne)
        assert not handoff.standings(session, [here])[here].typing, "it has come"
        handoff.give_back(session, here, anne)
        assert handoff.standings(session, [here]) == {}


def test_typing_is_told_for_a_moment_and_to_the_right_one(database: Database) -> None:
    with database.write() as session:
        anne, basile = add_agent(session, "Anne"), add_agent(session, "Basile")
        waiting = add_waiting(session)
        handoff.person_types(session, waiting.conversation_id)
        assert fresh(session, waiting).person_typing_at is None, "nobody reads along"
        handoff.claim(session, waiting.id, anne)
        handoff.agent_types(session, waiting.id, basile)
        assert fresh(session, waiting).agent_typing_at is None
        handoff.person_types(session, waiting.conversation_id)
        at = fresh(session, waiting).person_typing_at
    assert handoff.is_typing(at)
    with time_machine.travel(now() + timedelta(seconds=7), tick=False):
        assert not handoff.is_typing(at)


def test_what_is_said_of_waiting_is_short_enough_for_two_texts() -> None:
    from bot.messages.parts import parts, plain

    moment = now()
    for language in ("en", "fr"):
        for outlook in (Outlook(123, 45, 2, None), Outlook(123, None, 0, None)):
            text = waiting_text(language, outlook, ZONE)
            assert parts(plain(text)).count <= 2, text
        for key in ("joined", "returned", "closed", "transferred", "lost", "opened", "told"):
            values = {"name": "Marie-Ève Bouchard"} if key == "joined" else {}
            assert parts(plain(say(language, f"handoff.{key}", **values))).count <= 2, key
    assert waiting_text("en", Outlook(1, None, 0, moment), ZONE).count("1-888-242-2100") == 1


def test_by_text_message_every_word_of_agent_and_service_goes_out_once(
    database: Database,
) -> None:
    with database.write() as session:
        anne = add_agent(session, "Anne")
        waiting = add_waiting(session, "fr", channel="sms")
        here = waiting.conversation_id
        phone = Phone(
            number_index=b"i" * 16,
            number="+16135550101",
            conversation_id=here,
            language="fr",
            created_at=now(),
            last_at=now(),
        )
        session.add(phone)
        session.flush()
        handoff.claim(session, waiting.id, anne)
        for _ in range(2):
            handoff.speak(session, here, "Bonjour, c’est fait.", "fr", anne, "x")
        set_language(session, here, "en")
        handoff.give_back(session, here, anne)
        session.flush()
        texts = [row.text for row in session.query(Message).order_by(Message.id)]
        phone.stopped_at = now()
        handoff.request(session, here, "asked")
    assert texts[0].startswith("Vous parlez à une personne, Anne")
    assert texts[1] == "Bonjour, c'est fait."
    assert texts[2] == say("en", "handoff.returned")
    assert len(texts) == 3


def test_a_stopped_phone_gets_no_text(database: Database) -> None:
    with database.write() as session:
        anne, waiting = add_agent(session, "Anne"), add_waiting(session, channel="sms")
        session.add(
            Phone(
                number_index=b"i" * 16,
                number="+16135550101",
                conversation_id=waiting.conversation_id,
                language="en",
                created_at=now(),
                last_at=now(),
                stopped_at=now(),
                stopped_by="keyword",
            )
        )
        session.flush()
        handoff.claim(session, waiting.id, anne)
        handoff.speak(session, waiting.conversation_id, "Hello", "en", anne)
        assert session.query(Message).count() == 0
