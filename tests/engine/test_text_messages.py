"""Conversations by text message on the trained model: one text a turn, in words written for it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.engine.worker import Worker
from bot.phones.received import take_in
from bot.settings import Settings
from bot.store import Database, Outbound
from bot.texts import say

PHONE = "+16135550142"


class Phone:
    """A phone that texts, answered by a real engine in this process."""

    def __init__(self, database: Database, settings: Settings, engine: Any) -> None:
        self.database, self.settings = database, settings
        self.worker = Worker(settings, database, engine)
        self.count = 0

    async def text(self, body: str) -> list[str]:
        """The texts that answer `body`."""
        self.count += 1
        before = len(self.texts())
        with self.database.write() as session:
            take_in(session, self.settings, sid=f"SM{self.count:032x}", sender=PHONE, body=body)
        while (claim := self.worker._claims.next()) is not None:
            await self.worker._answer(claim)
            self.worker._claims.release(claim.conversation_id)
        return self.texts()[before:]

    def texts(self) -> list[str]:
        with self.database.read() as session:
            query = select(Outbound.text).where(Outbound.channel == "sms").order_by(Outbound.id)
            return list(session.scalars(query))


@pytest.fixture
def phone(database: Database, settings: Settings, engine: Any) -> Phone:
    return Phone(database, settings, engine)


async def test_whatever_is_asked_is_answered_with_one_text(phone: Phone) -> None:
    for question in (
        "status", "hello", "where is my application?", "what does closed mean", "how long does it take",
        "how does landing work", "i want to talk to an agent", "thank you", "what can you do", "photo rules",
        "my pr card never came", "asdf qwer", "repeat", "speak french", "statut", "bonjour", "delete my data",
        "my photo was rejected", "log out", "yes", "no", "change my address", "citizenship", "1", "2", "start over",
        "i am outside canada", "any news about my medical exam", "notify me of changes", "text me",
    ):
        texts = await phone.text(question)
        print(repr(question), texts)
        assert len(texts) == 1
