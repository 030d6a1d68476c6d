"""Who texts while the engine is away is told once that their message is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from bot import handoff
from bot.clock import now
from bot.messages.parts import plain
from bot.phones.delayed import PATIENCE, tell_of_delays
from bot.settings import Settings
from bot.store import Conversation, Database, Inbox
from bot.texts import LANGUAGES, say
from tests.bot.handoff.desk import add_agent
from tests.bot.phones.test_received import Texting

WORDS = {"en": "HELP", "fr": "AIDE"}


@pytest.fixture
def texting(database: Database, settings: Settings) -> Iterator[Texting]:
    with time_machine.travel(now(), tick=False):
        yield Texting(database, settings)


def later(texting: Texting, by: timedelta = PATIENCE) -> int:
    with time_machine.travel(now() + by + timedelta(seconds=1), tick=False):
        return tell_of_delays(texting.database)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_that_waits_is_told_of_once(texting: Texting, language: str) -> None:
    texting(WORDS[language])
    texting("Where is my application?")
    before = len(texting.texts())
    assert tell_of_delays(texting.database) == 0
    assert [later(texting), later(texting), later(texting, timedelta(days=1))] == [1, 0, 0]
    assert texting.texts()[before:] == [plain(say(language, "sms.delayed"))]


def test_the_next_one_that_waits_is_told_of_again(texting: Texting) -> None:
    texting("Where is my application?")
    later(texting)
    with texting.database.write() as session:
        session.execute(update(Inbox).values(state="done"))
    assert later(texting) == 0
    texting("And now?")
    assert [later(texting), later(texting)] == [1, 0]


def test_nobody_is_told_who_was_answered_stopped_or_has_an_agent(texting: Texting) -> None:
    texting("Where is my application?")
    with texting.database.write() as session:
        anne = add_agent(session, "Anne")
        handoff.renew(session, anne)
        asked = handoff.request(session, session.scalar(select(Conversation.id)), "asked")
        handoff.claim(session, asked.id, anne)
    assert later(texting) == 0
    with texting.database.write() as session:
        handoff.give_back(session, session.scalar(select(Conversation.id)), anne)
        session.execute(update(Inbox).values(state="new"))
    texting("STOP")
    assert later(texting) == 0
