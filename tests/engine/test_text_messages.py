"""Conversations by text message on the trained model: one text a turn, in words written for it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.engine.worker import Worker
from bot.messages.parts import parts, plain
from bot.phones.received import take_in
from bot.settings import Settings
from bot.store import Database, Outbound, Rating
from bot.texts import LANGUAGES, say

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


RATED = {
    "en": ("how long does it take to get citizenship?", "goodbye"),
    "fr": ("combien de temps faut-il pour obtenir la citoyenneté?", "au revoir"),
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_question_at_the_end_is_answered_with_a_digit(
    phone: Phone, language: str
) -> None:
    await phone.text("english" if language == "en" else "speak french")
    question, farewell = RATED[language]
    await phone.text(question)
    (asked,) = await phone.text(farewell)
    assert plain(say(language, "sms.handoff.rating.question")) in asked
    assert parts(asked).count <= 2
    assert f"4 {say(language, 'handoff.rating.s4')}" in asked
    assert await phone.text("4") == [plain(say(language, "sms.handoff.rating.thanks"))]
    with phone.database.read() as session:
        rating = session.scalars(select(Rating)).one()
    assert (rating.score, rating.channel) == (4, "sms")


ENGLISH = (
    "status", "hello", "where is my application?", "what does closed mean", "photo rules",
    "how long does it take", "how does landing work", "i want to talk to an agent", "thank you",
    "what can you do", "my pr card never came", "asdf qwer", "repeat", "delete my data", "log out",
    "my photo was rejected", "no", "change my address", "citizenship", "start over",
    "i am outside canada", "any news about my medical exam", "notify me of changes", "no",
)  # fmt: skip
FRENCH = (
    "speak french", "statut", "bonjour", "combien de temps faut-il", "que veut dire fermée",
    "recommencer", "je veux parler à un agent", "règles pour la photo", "supprimer mes données",
    "merci",
)  # fmt: skip


@pytest.mark.parametrize("questions", [ENGLISH, FRENCH], ids=LANGUAGES)
async def test_whatever_is_asked_is_answered_with_one_text_written_for_it(
    phone: Phone, questions: tuple[str, ...]
) -> None:
    elsewhere = {
        say(language, "sms.see_page", page=f"http://localhost:8080/{language}")
        for language in LANGUAGES
    }
    for question in questions:
        texts = await phone.text(question)
        assert len(texts) == 1, question
        assert parts(texts[0]).count <= 2, question
        assert texts[0] not in {plain(text) for text in elsewhere}, question
