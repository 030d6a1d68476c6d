"""What an agent says, to the person and to colleagues."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import select, update

from bot.chat.conversations import add_line
from bot.clock import now
from bot.handoff.claiming import write_note
from bot.handoff.left import tell_of_answer
from bot.handoff.rows import NotYours, change, locked, mine
from bot.handoff.telling import text_it
from bot.store import Agent, Handoff, HandoffNote, Line

LONGEST = 4_000
_DROPPED = {"Cc", "Cf", "Co", "Cn", "Cs"}


class NothingSaid(Exception):
    """An empty text, or one longer than LONGEST."""


def speak(
    session: Any,
    conversation_id: str,
    text: str,
    language: str,
    agent: Agent,
    client_id: str | None = None,
) -> int:
    """Say `text` to the person and return its line's number; the same `client_id` again is the
    same line.

    Raises:
        NotYours: another agent, or the bot, has the conversation; nothing was said.
        NothingSaid
    """
    said = clean(text)
    handoff = mine(session, conversation_id, agent)
    if client_id is not None and (again := _said(session, conversation_id, client_id)):
        return again
    body = {"text": said, "lang": language, "name": agent.name}
    number = add_line(session, conversation_id, "agent", body, client_id)
    text_it(session, handoff, said, language, number)
    tell_of_answer(session, handoff)
    change(
        session,
        handoff,
        answered_at=handoff.answered_at or now(),
        wrote_at=None,
        first_due_at=None,
        next_due_at=None,
        warned_at=None,
        escalated_at=None,
        agent_typing_at=None,
    )
    return number


def _said(session: Any, conversation_id: str, client_id: str) -> int | None:
    number = session.scalar(
        select(Line.number).where(
            Line.conversation_id == conversation_id,
            Line.author == "agent",
            Line.client_id == client_id,
        )
    )
    return number if number is None else int(number)


def clean(text: str) -> str:
    """`text` without characters that are none, its lines kept.

    Raises:
        NothingSaid
    """
    plain = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    plain = plain.replace("\r\n", "\n").replace("\t", " ")
    kept = "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in _DROPPED)
    result = re.sub(r"\n{3,}", "\n\n", kept).strip()
    if not result or len(result) > LONGEST:
        raise NothingSaid
    return result


def note(session: Any, handoff_id: int, agent: Agent, text: str) -> None:
    """A note for colleagues; any agent who may see the conversation writes one.

    Raises:
        NothingSaid
        NotYours: there is no such hand-off.
    """
    handoff = session.get(Handoff, handoff_id)
    if handoff is None:
        raise NotYours(str(handoff_id))
    write_note(session, handoff, agent, clean(text), "note")


def word(session: Any, handoff_id: int, supervisor: Agent, text: str) -> bool:
    """A supervisor's private word to the agent of the conversation; False when it has none.

    Raises:
        NothingSaid
    """
    said = clean(text)
    handoff = locked(session, handoff_id)
    if handoff is None or handoff.state != "active":
        return False
    to = session.get(Agent, handoff.agent_id)
    write_note(session, handoff, supervisor, said, "word", to)
    change(session, handoff)  # so that the agent's page looks
    return True


def read_words(session: Any, handoff_id: int, agent: Any, last: int) -> bool:
    """The agent's page has shown them the words of a supervisor up to the note `last`; False when
    they had seen them before."""
    unread = (*_unread(agent.id), HandoffNote.handoff_id == handoff_id, HandoffNote.id <= last)
    if session.scalar(select(HandoffNote.id).where(*unread).limit(1)) is None:
        return False
    handoff = locked(session, handoff_id)
    if handoff is None:
        return False
    session.execute(
        update(HandoffNote)
        .where(*unread)
        .values(seen_at=now())
        .execution_options(synchronize_session=False)
    )
    change(session, handoff)  # so that the lists look
    return True


def unread_words(session: Any) -> set[int]:
    """The active hand-offs whose agent has a word to read."""
    rows = session.scalars(
        select(Handoff.id)
        .join(HandoffNote, HandoffNote.handoff_id == Handoff.id)
        .where(Handoff.state == "active", *_unread(Handoff.agent_id))
    )
    return set(rows)


def _unread(agent_id: Any) -> tuple[Any, ...]:
    return (
        HandoffNote.kind == "word",
        HandoffNote.to_agent_id == agent_id,
        HandoffNote.seen_at.is_(None),
    )


def notes(session: Any, conversation_id: str) -> list[HandoffNote]:
    """All notes of a conversation, oldest first; whose `kind` is word is for `to_agent_id` and the
    supervisors only."""
    return list(
        session.execute(
            select(HandoffNote)
            .where(HandoffNote.conversation_id == conversation_id)
            .order_by(HandoffNote.id)
        ).scalars()
    )
