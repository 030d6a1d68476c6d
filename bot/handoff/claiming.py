"""An agent takes a conversation, and gives it back, on or up. Each is one transaction under the
conversation's lock; between a claim and the end the bot is silent (bot/chat/owning.py)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select, update

from bot import audit
from bot.clock import now
from bot.handoff.asking import first_due
from bot.handoff.rating import ask_after
from bot.handoff.rows import NotYours, change, last_line, locked, mine
from bot.handoff.telling import system_line
from bot.handoff.unread import hand_to_bot
from bot.store import Agent, Handoff, HandoffNote, Inbox

OUTCOMES = ("solved", "referred", "no_answer", "abuse", "other")
WAITING = ("requested", "queued")


def claim(session: Any, handoff_id: int, agent: Agent) -> bool:
    """Take the conversation. False when somebody else has it, it is over, it is meant for another
    agent, or it is in a language that the agent does not speak.

    Messages that the bot had not answered are the agent's from now on, and a turn of the bot that
    is under way finds that its message is not its own any more.
    """
    handoff = locked(session, handoff_id)
    if handoff is None or not _may_claim(handoff, agent):
        return False
    unanswered = _take_messages(session, handoff.conversation_id)
    joined = system_line(session, handoff, "handoff.joined", name=agent.name)
    change(
        session,
        handoff,
        state="active",
        agent_id=agent.id,
        meant_for=None,
        claimed_at=now(),
        wrote_at=unanswered,
        from_line=joined - 1,
    )
    _audit(session, "handoff.claimed", handoff, agent)
    return True


def _may_claim(handoff: Handoff, agent: Agent) -> bool:
    return (
        handoff.state in WAITING
        and agent.ended_at is None
        and agent.speaks(handoff.language)
        and handoff.meant_for in (None, agent.id)
    )


def _take_messages(session: Any, conversation_id: str) -> Any:
    """What the bot has not answered is the agent's; returns since when the oldest waits."""
    new = (Inbox.conversation_id == conversation_id, Inbox.state == "new")
    said = case((Inbox.kind != "signal", Inbox.received_at))
    count, since = session.execute(select(func.count(), func.min(said)).where(*new)).one()
    if count:
        session.execute(
            update(Inbox)
            .where(*new)
            .values(state="agent")
            .execution_options(synchronize_session=False)
        )
    return since


def give_back(session: Any, conversation_id: str, agent: Agent) -> None:
    """Return the conversation to the bot, which goes on where it was.

    Raises:
        NotYours
    """
    handoff = mine(session, conversation_id, agent)
    _end(session, handoff, agent, "returned", None)
    system_line(session, handoff, "handoff.returned")


def close(session: Any, conversation_id: str, agent: Agent, outcome: str) -> None:
    """End it with one of OUTCOMES. The bot is there again for whoever goes on writing.

    Raises:
        NotYours
        ValueError: no such outcome.
    """
    if outcome not in OUTCOMES:
        raise ValueError(outcome)
    handoff = mine(session, conversation_id, agent)
    _end(session, handoff, agent, "closed", outcome)
    system_line(session, handoff, "handoff.closed")
    ask_after(session, handoff)


def _end(session: Any, handoff: Handoff, agent: Agent, state: str, outcome: str | None) -> None:
    conversation_id = handoff.conversation_id
    change(
        session,
        handoff,
        state=state,
        outcome=outcome,
        ended_at=now(),
        to_line=last_line(session, conversation_id),
        wrote_at=None,
        next_due_at=None,
    )
    hand_to_bot(session, handoff)
    _audit(session, f"handoff.{state}", handoff, agent)


def transfer(
    session: Any,
    conversation_id: str,
    agent: Agent,
    text: str,
    *,
    to: Agent | None = None,
    language: str | None = None,
    urgent: bool | None = None,
) -> None:
    """Back into the queue with a note: for everybody, for the agent `to`, or in another language.

    Raises:
        NotYours
        ValueError: no note, or `to` does not speak the language.
    """
    if not text.strip():
        raise ValueError("a transfer needs a note")
    handoff = mine(session, conversation_id, agent)
    wanted = language or handoff.language
    if to is not None and (to.ended_at is not None or not to.speaks(wanted)):
        raise ValueError("the agent does not speak the language")
    requeue(session, handoff, meant_for=to.id if to else None, language=wanted, urgent=urgent)
    write_note(session, handoff, agent, text, "transfer", to)
    system_line(session, handoff, "handoff.transferred")
    _audit(session, "handoff.transferred", handoff, agent, to=to.login if to else None)


def reassign(session: Any, handoff_id: int, supervisor: Agent, to: Agent | None) -> bool:
    """A supervisor moves a conversation, waiting or active, to `to` or into the queue. False when
    it is over or `to` does not speak the language."""
    handoff = locked(session, handoff_id)
    if handoff is None or handoff.state not in (*WAITING, "active"):
        return False
    if to is not None and (to.ended_at is not None or not to.speaks(handoff.language)):
        return False
    was_active = handoff.state == "active"
    requeue(session, handoff, meant_for=to.id if to else None)
    if was_active:
        system_line(session, handoff, "handoff.transferred")
    _audit(session, "handoff.reassigned", handoff, supervisor, to=to.login if to else None)
    return True


def requeue(session: Any, handoff: Handoff, **values: Any) -> None:
    """Waiting again, in the place that `asked_at` gives; the conversation is locked."""
    kept = {name: value for name, value in values.items() if value is not None}
    kept["meant_for"] = values.get("meant_for")
    moment = now()
    change(
        session,
        handoff,
        state="queued",
        agent_id=None,
        queued_at=moment,
        wrote_at=None,
        first_due_at=first_due(moment, urgent=kept.get("urgent", handoff.urgent)),
        next_due_at=None,
        warned_at=None,
        escalated_at=None,
        agent_typing_at=None,
        **kept,
    )


def write_note(
    session: Any, handoff: Handoff, agent: Agent, text: str, kind: str, to: Agent | None = None
) -> None:
    session.add(
        HandoffNote(
            handoff_id=handoff.id,
            conversation_id=handoff.conversation_id,
            agent_id=agent.id,
            to_agent_id=to.id if to else None,
            kind=kind,
            text=text.strip(),
            created_at=now(),
        )
    )
    session.flush()


def _audit(session: Any, act: str, handoff: Handoff, agent: Agent, **detail: Any) -> None:
    audit.record(
        session,
        act,
        conversation_id=handoff.conversation_id,
        agent=agent.login[:40],  # as long as the trail's column
        handoff=handoff.id,
        **detail,
    )


__all__ = [
    "OUTCOMES", "NotYours", "claim", "close", "give_back", "reassign", "requeue",
    "transfer", "write_note",
]  # fmt: skip
