"""The turn worker: claims a message, lets the engine answer, commits everything at once.

Rasa's events, the replies, what the actions want written (audit rows) and "inbox done" are one
transaction. Whatever fails before it leaves no trace but a counted try; after three the person
gets a truthful apology and the message is kept for an agent.

An agent may claim the conversation while a turn is under way. The transaction asks under the
conversation's lock whose it is; when it is the agent's, or the message is, the turn never was.
"""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import update

from bot.chat.bell import Bell
from bot.chat.conversations import add_choices, add_line
from bot.chat.owning import AGENT, BotSilenced, lock, owner
from bot.chat.turn import Turn, current_turn
from bot.clock import now
from bot.engine.agent import Engine, EngineUnfit
from bot.engine.claims import Claim, Claims
from bot.engine.figures import count_turn
from bot.phones.turning import answer_by_text, apologize_by_text
from bot.settings import Settings
from bot.store import Database, Heartbeat, Inbox
from bot.texts import say

MAX_TRIES = 3
RETRY_AFTER = (timedelta(seconds=0.5), timedelta(seconds=2))
TURN_SECONDS = 30
BEAT_SECONDS = 5
# How long to sleep when nobody rings: a lost ring costs at most this.
IDLE_SECONDS = 0.5

log = structlog.get_logger()


class SilentTurn(Exception):
    """The engine answered nothing; a person must never be left without a word."""


class MessageTaken(Exception):
    """The message is not to be answered any more: an agent has it, or another engine did."""


class Worker:
    """One loop, one turn at a time, until `stop()`."""

    def __init__(self, settings: Settings, database: Database, engine: Engine) -> None:
        self._database = database
        self._engine = engine
        self._public_url = settings.public_url
        self._claims = Claims(database, settings.home)
        self._bell = Bell(settings.home, "engine")
        self._front = Bell(settings.home, "front")
        self._sender = Bell(settings.home, "sender")
        self._beat_at = 0.0
        self._stopping = False

    def stop(self) -> None:
        self._stopping = True

    async def run(self) -> None:
        self._bell.listen(asyncio.get_running_loop())
        while not self._stopping:
            await self._beat()
            claim = await asyncio.to_thread(self._claims.next)
            if claim is None:
                await self._bell.wait(IDLE_SECONDS)
                continue
            try:
                await self._answer(claim)
            finally:
                self._claims.release(claim.conversation_id)
                self._front.ring()
                self._sender.ring()

    async def _answer(self, claim: Claim) -> None:
        if claim.tries > MAX_TRIES:  # it killed the process each time it was tried
            await asyncio.to_thread(self._give_up, claim)
            return
        turn = Turn(
            self._database,
            claim.conversation_id,
            claim.language,
            self._public_url,
            claim.channel,
        )
        current_turn.set(turn)
        try:
            lines = await asyncio.wait_for(
                self._engine.turn(claim.conversation_id, claim.language, claim.text, claim.meaning),
                TURN_SECONDS,
            )
            await asyncio.to_thread(self._commit, claim, turn, lines)
        except (BotSilenced, MessageTaken):
            log.info("turn.dropped", message=claim.id)
            self._engine.store.forget(claim.conversation_id)
        except Exception as error:
            log.error("turn.failed", message=claim.id, tries=claim.tries, exc_info=error)
            self._engine.store.forget(claim.conversation_id)
            await asyncio.to_thread(self._put_back, claim)

    def _commit(self, claim: Claim, turn: Turn, lines: list[dict[str, Any]]) -> None:
        if not lines and not turn.silent:
            raise SilentTurn(claim.id)
        with self._database.write() as session:
            _close(session, claim, "done")
            count_turn(session, claim, turn, self._engine.store.intent(claim.conversation_id))
            stored = self._engine.store.append(session, claim.conversation_id)
            for write in turn.writes:
                write(session)
            if turn.by_text and lines:
                page = f"{self._public_url}/{turn.language}"
                answer_by_text(session, claim.conversation_id, lines, turn.language, page)
            else:
                _show(session, claim.conversation_id, lines)
        if turn.forgets:
            self._engine.store.forget(claim.conversation_id)
        else:
            self._engine.store.committed(claim.conversation_id, stored)

    def _put_back(self, claim: Claim) -> None:
        if claim.tries >= MAX_TRIES:
            self._give_up(claim)
            return
        with self._database.write() as session:
            session.execute(
                update(Inbox)
                .where(Inbox.id == claim.id)
                .values(due_at=now() + RETRY_AFTER[claim.tries - 1])
            )

    def _give_up(self, claim: Claim) -> None:
        try:
            with self._database.write() as session:
                _close(session, claim, "dead")
                self._apologize(session, claim)
        except (BotSilenced, MessageTaken):
            log.info("turn.dropped", message=claim.id)
            return
        log.error("turn.given_up", message=claim.id, tries=claim.tries)

    def _apologize(self, session: Any, claim: Claim) -> None:
        if claim.channel == "sms":
            page = f"{self._public_url}/{claim.language}"
            apologize_by_text(session, claim.conversation_id, claim.language, page)
            return
        body = {"text": say(claim.language, "engine.apology"), "lang": claim.language}
        add_line(session, claim.conversation_id, "bot", body)

    async def _beat(self) -> None:
        """Tell the front, from time to time, that sentences are understood in both languages."""
        if time.monotonic() - self._beat_at < BEAT_SECONDS:
            return
        if not await self._engine.understands():
            raise EngineUnfit("the model does not understand its canary sentences")
        await asyncio.to_thread(self._write_beat)
        self._beat_at = time.monotonic()

    def _write_beat(self) -> None:
        with self._database.write() as session:
            session.merge(Heartbeat(name="engine", at=now(), process=os.getpid()))


def _show(session: Any, conversation_id: str, lines: list[dict[str, Any]]) -> None:
    """The lines on the page, with their quick replies."""
    for body in lines:
        body.pop("response", None)
        if body.pop("spare", False):
            body.pop("short")
        choices = add_choices(session, conversation_id, body.pop("choices", []))
        add_line(session, conversation_id, "bot", {**body, "choices": choices} if choices else body)


def _close(session: Any, claim: Claim, state: str) -> None:
    """Mark the message, holding the conversation until the transaction ends.

    Raises:
        BotSilenced: an agent has the conversation.
        MessageTaken
    """
    lock(session, claim.conversation_id)
    if owner(session, claim.conversation_id) == AGENT:
        raise BotSilenced(claim.conversation_id)
    closed = session.execute(
        update(Inbox)
        .where(Inbox.id == claim.id, Inbox.state == "new")
        .values(state=state)
        .execution_options(synchronize_session=False)
    )
    if closed.rowcount != 1:
        raise MessageTaken(claim.id)
