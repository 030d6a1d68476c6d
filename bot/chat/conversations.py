"""Open a conversation, take a message in, add and read lines."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from bot.chat.hiding import Message, without_details
from bot.chat.owning import (
    AGENT,
    BotSilenced,
    leaves_message,
    lock,
    open_state,
    owner,
    wrote_to_agent,
)
from bot.clock import now
from bot.store import Choice, Conversation, Inbox, Line
from bot.texts import say


@dataclass(frozen=True)
class LineView:
    """A line as the page gets it: `number` is the cursor, `author` user | bot | agent | system."""

    number: int
    author: str
    client_id: str | None
    body: dict[str, Any]
    at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "author": self.author,
            "client_id": self.client_id,
            "at": self.at.isoformat(timespec="seconds"),
            **self.body,
        }


class ChoiceUnknown(Exception):
    """The quick reply does not exist here, or was used before."""


def open_conversation(
    session: Any, channel: str, language: str, conversation_id: str | None = None
) -> str:
    """A new conversation; its id is made here, or with the number that texts us (bot/phones), and
    never leaves the server."""
    conversation_id = conversation_id or secrets.token_hex(16)
    moment = now()
    session.add(
        Conversation(
            id=conversation_id,
            channel=channel,
            language=language,
            created_at=moment,
            last_at=moment,
        )
    )
    session.flush()
    return conversation_id


def set_language(session: Any, conversation_id: str, language: str) -> None:
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(language=language)
        .execution_options(synchronize_session=False)
    )


def conversation_language(session: Any, conversation_id: str) -> str:
    return session.scalar(select(Conversation.language).where(Conversation.id == conversation_id))


def conversation_channel(session: Any, conversation_id: str) -> str:
    return session.scalar(select(Conversation.channel).where(Conversation.id == conversation_id))


def add_line(
    session: Any,
    conversation_id: str,
    author: str,
    body: dict[str, Any],
    client_id: str | None = None,
) -> int:
    """Append a line and return its number. Locks the conversation, so lines appear in order.

    Raises:
        BotSilenced: a line of the bot, while an agent has the conversation.
    """
    moment = now()
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(last_line=Conversation.last_line + 1, last_at=moment)
        .execution_options(synchronize_session=False)
    )
    if author == "bot" and owner(session, conversation_id) == AGENT:
        raise BotSilenced(conversation_id)
    number = session.scalar(
        select(Conversation.last_line).where(Conversation.id == conversation_id)
    )
    session.add(
        Line(
            conversation_id=conversation_id,
            number=number,
            author=author,
            client_id=client_id,
            body=body,
            created_at=moment,
        )
    )
    session.flush()
    return int(number)


def post_text(session: Any, conversation_id: str, client_id: str, text: str) -> bool:
    """Take a typed message in; False when this `client_id` was taken before (nothing changes).

    Personal details are taken out of it first, and the person is told.
    """
    if _known(session, conversation_id, client_id):
        return False
    language = conversation_language(session, conversation_id)
    message = without_details(session, conversation_id, language, text)
    kept = post_message(session, conversation_id, client_id, message)
    if message.hides_something:
        _notice(session, conversation_id, language, "talk.masked")
    if kept:
        _notice(session, conversation_id, language, "handoff.leave.kept")
    return True


def post_message(session: Any, conversation_id: str, client_id: str, message: Message) -> bool:
    """Take in a message that was never taken before, without personal details by now; True when
    it is kept for an agent."""
    kept = _enqueue(session, conversation_id, client_id, "text", message.text, None)
    add_line(session, conversation_id, "user", {"text": message.shown}, client_id)
    return kept


def _notice(session: Any, conversation_id: str, language: str, key: str) -> None:
    body = {"text": say(language, key), "lang": language}
    add_line(session, conversation_id, "system", body)


def post_choice(session: Any, conversation_id: str, client_id: str, choice_id: str) -> bool:
    """Take a quick reply in, once; its meaning comes from the server, never from the page.

    Raises:
        ChoiceUnknown: no such choice in this conversation, or already used.
    """
    if _known(session, conversation_id, client_id):
        return False
    used = session.execute(
        update(Choice)
        .where(
            Choice.id == choice_id,
            Choice.conversation_id == conversation_id,
            Choice.used_at.is_(None),
        )
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:
        raise ChoiceUnknown(choice_id)
    choice = session.get(Choice, choice_id)
    payload = {"intent": choice.intent, "entities": choice.entities}
    _enqueue(session, conversation_id, client_id, "choice", choice.label, payload)
    add_line(session, conversation_id, "user", {"text": choice.label}, client_id)
    return True


def post_signal(
    session: Any, conversation_id: str, intent: str, entities: dict[str, str] | None = None
) -> None:
    """Tell the engine of something that happened outside it, as an intent it has a rule for."""
    payload = {"intent": intent, "entities": entities or {}}
    _enqueue(session, conversation_id, secrets.token_hex(12), "signal", intent, payload)


def add_choices(
    session: Any, conversation_id: str, choices: Sequence[dict[str, Any]]
) -> list[dict[str, str]]:
    """Store quick replies ({label, intent, entities}) and return what the page gets of them."""
    shown = []
    for choice in choices:
        choice_id = secrets.token_urlsafe(12)
        meant = {name: choice[name] for name in ("label", "intent", "entities")}
        session.add(Choice(id=choice_id, conversation_id=conversation_id, **meant))
        shown.append({"id": choice_id, "label": choice["label"]})
    return shown


def lines_after(
    session: Any, conversation_id: str, cursor: int, limit: int = 200
) -> list[LineView]:
    """Lines with a number above `cursor`, oldest first."""
    rows = session.execute(
        select(Line)
        .where(Line.conversation_id == conversation_id, Line.number > cursor)
        .order_by(Line.number)
        .limit(limit)
    ).scalars()
    return [LineView(r.number, r.author, r.client_id, r.body, r.created_at) for r in rows]


def is_waiting(session: Any, conversation_id: str) -> datetime | None:
    """When the oldest unanswered message came in; None when everything is answered."""
    return session.scalar(
        select(func.min(Inbox.received_at)).where(
            Inbox.conversation_id == conversation_id, Inbox.state == "new"
        )
    )


def _known(session: Any, conversation_id: str, client_id: str) -> bool:
    # The conversation's row is locked first, so that two copies sent at once do not both pass.
    lock(session, conversation_id)
    return (
        session.scalar(
            select(Inbox.id).where(
                Inbox.conversation_id == conversation_id, Inbox.client_id == client_id
            )
        )
        is not None
    )


def _enqueue(
    session: Any,
    conversation_id: str,
    client_id: str,
    kind: str,
    text: str,
    payload: dict[str, Any] | None,
) -> bool:
    """To the engine; or, while an agent has the conversation, to nobody but them: they read it.
    True when it is a message that is left for an agent."""
    moment = now()
    lock(session, conversation_id)
    handoff = open_state(session, conversation_id)
    waits = handoff is not None and handoff != "active"
    left = kind == "text" and waits and leaves_message(session, conversation_id)
    state = "agent" if left else "new"
    if handoff == "active":
        state = "agent"
        if kind != "signal":
            wrote_to_agent(session, conversation_id)
    session.add(
        Inbox(
            conversation_id=conversation_id,
            client_id=client_id,
            kind=kind,
            text=text,
            payload=payload,
            state=state,
            due_at=moment,
            received_at=moment,
        )
    )
    return left
