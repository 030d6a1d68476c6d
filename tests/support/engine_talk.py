"""A signed-in conversation through the real engine and turn worker, in this process."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.chat.conversations import (
    LineView,
    add_choices,
    lines_after,
    open_conversation,
    post_choice,
    post_text,
)
from bot.identity.sessions import verified_person, verify_session
from bot.store import Choice, Database
from bot.texts import LANGUAGES, say
from tests.support.acting import Body

KEPT = {say(language, "handoff.leave.kept") for language in LANGUAGES}


class EngineTalk:
    """As ActionTalk, and what is typed is understood by Rasa. `worker` is bot.engine.worker.Worker
    on the same database."""

    def __init__(
        self, database: Database, worker: Any, language: str, person_id: int | None = None
    ) -> None:
        self.database, self.person_id = database, person_id
        self._worker, self._sent, self._seen = worker, 0, 0
        with database.write() as session:
            self.id = open_conversation(session, "web", language)
            if person_id is not None:
                verify_session(session, self.id, person_id)
        self.offered: list[dict[str, Any]] = []

    async def mean(self, intent: str, entities: dict[str, str] | None = None) -> list[Body]:
        """Press a quick reply that means this."""
        choice = {"label": intent, "intent": intent, "entities": entities or {}}
        with self.database.write() as session:
            (shown,) = add_choices(session, self.id, [choice])
        with self.database.write() as session:
            post_choice(session, self.id, self._next_id(), shown["id"])
        return await self._answered()

    async def type(self, text: str) -> list[Body]:
        with self.database.write() as session:
            post_text(session, self.id, self._next_id(), text)
        if any(line.body["text"] in KEPT for line in self._new()):
            return self._bodies()  # the engine has no turn: it is kept for an agent
        return await self._answered()

    def sign_in_again(self) -> None:
        if self.person_id is None:
            return
        with self.database.write() as session:
            if verified_person(session, self.id) is None:
                verify_session(session, self.id, self.person_id)

    def _next_id(self) -> str:
        self._sent += 1
        return f"m{self._sent}"

    async def _answered(self) -> list[Body]:
        """Answer the message and return the new lines that are not the person's own.

        Raises:
            AssertionError: the engine failed the turn.
        """
        claim = self._worker._claims.next()
        assert claim is not None and claim.conversation_id == self.id
        await self._worker._answer(claim)
        self._worker._claims.release(self.id)
        answered = any(line.author == "bot" for line in self._new())
        assert answered, "the turn was not answered"
        return self._bodies()

    def _new(self) -> list[LineView]:
        with self.database.read() as session:
            return lines_after(session, self.id, self._seen)

    def _bodies(self) -> list[Body]:
        """Of the new lines that are not the person's own; `offered` are their quick replies."""
        lines = self._new()
        ids = [c["id"] for line in lines for c in line.body.get("choices", [])]
        with self.database.read() as session:
            query = select(Choice).where(Choice.id.in_(ids)).order_by(Choice.label)
            self.offered = [
                {"label": r.label, "intent": r.intent, "entities": r.entities}
                for r in session.scalars(query)
            ]
        self._seen = lines[-1].number if lines else self._seen
        return [line.body for line in lines if line.author != "user"]
