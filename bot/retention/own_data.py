"""Deletes what a person left with us, at their wish, and says what stays.

Only what is ours goes. The application is the department's; the audit trail and the traces of
codes and tries stay: they protect the person, also from somebody who signed in as them and would
rather leave no trace (knowledge: security, section 2.2 and T03 to T05).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, update

from bot import audit
from bot.retention.holding import is_on_hold
from bot.retention.removing import IN_A_CONVERSATION, delete_where
from bot.store import (
    Challenge,
    Choice,
    Contact,
    Conversation,
    DemoMail,
    Handoff,
    HandoffNote,
    Inbox,
    Line,
    Misheard,
    News,
    Outbound,
    PhoneLink,
    Preference,
    Profile,
    Rating,
    Remark,
    TrackerEvent,
    TurnFigure,
    WebSession,
)
from bot.texts import say
from bot.vault import empty

# Rows of a new table that somebody leaves here by themselves (a subscription) belong in it.
OF_A_PERSON = (Profile, Preference, Contact, News, PhoneLink)
KEPT = ("cases", "photos", "address_changes", "audit", "codes", "tries", "wrong_codes", "locks")


class OnHold(Exception):
    """There is a legal reason not to delete now; nothing was."""


@dataclass(frozen=True)
class Deleted:
    """`counts`: rows that went, by table; `kept`: kinds of data/retention.yml that stay."""

    counts: dict[str, int]
    kept: tuple[str, ...]


def may_delete(session: Any, conversation_id: str, person_id: int | None) -> bool:
    """False while there is a legal reason to keep it."""
    known = _person_of(session, conversation_id) if person_id is None else person_id
    return not is_on_hold(session, conversation_id, known)


def delete_own_data(session: Any, conversation_id: str, person_id: int | None) -> Deleted:
    """Delete this conversation and, for a person who is signed in, all that is theirs.

    The conversation itself goes on, empty and nobody's, so that the answer has a place: the
    message that is being answered stays without its words, and those that came after it stay as
    they are, because they are still to be answered.

    Raises:
        OnHold
    """
    if not may_delete(session, conversation_id, person_id):
        raise OnHold
    counts: Counter[str] = Counter()
    if person_id is not None:
        _delete_other_conversations(session, conversation_id, person_id, counts)
        _delete_messages(session, person_id, counts)
        for table in OF_A_PERSON:
            _delete(session, counts, table, table.person_id == person_id)
    _empty_conversation(session, conversation_id, counts)
    audit.record(
        session,
        "privacy.deleted",
        person_id=person_id,
        conversation_id=conversation_id,
        counts=dict(counts),
    )
    return Deleted(dict(counts), KEPT)


def _delete_other_conversations(
    session: Any, here: str, person_id: int, counts: Counter[str]
) -> None:
    ids = session.scalars(
        select(Conversation.id)
        .where(Conversation.person_id == person_id, Conversation.id != here)
        .with_for_update()
    ).all()
    _void_codes(session, [here, *ids], move_to=here)
    for table in IN_A_CONVERSATION:
        _delete(session, counts, table, table.conversation_id.in_(ids))
    _delete(
        session,
        counts,
        WebSession,
        WebSession.person_id == person_id,
        WebSession.conversation_id != here,
    )
    _delete(session, counts, Conversation, Conversation.id.in_(ids))


def _void_codes(session: Any, conversations: list[str], move_to: str) -> None:
    """No code works any more; their traces stay, here, for "this was not me"."""
    _change(
        session,
        update(Challenge)
        .where(Challenge.conversation_id.in_(conversations))
        .values(cancelled=True, conversation_id=move_to),
    )


def _delete_messages(session: Any, person_id: int, counts: Counter[str]) -> None:
    """What was sent; what is on its way may be a warning, and arrives."""
    gone = (Outbound.person_id == person_id, Outbound.state != "queued")
    references = select(Outbound.reference).where(*gone)
    _delete(session, counts, DemoMail, DemoMail.reference.in_(references))
    _delete(session, counts, Outbound, *gone)


def _empty_conversation(session: Any, here: str, counts: Counter[str]) -> None:
    _void_codes(session, [here], move_to=here)
    _delete_lines(session, here, counts)
    _delete(session, counts, Choice, Choice.conversation_id == here)
    _delete(session, counts, TrackerEvent, TrackerEvent.conversation_id == here)
    # Whoever waited for a person waits no more: nobody could tell them why.
    for table in (HandoffNote, Rating, Remark, Handoff):
        _delete(session, counts, table, table.conversation_id == here)
    _change(
        session,
        update(TurnFigure).where(TurnFigure.conversation_id == here).values(conversation_id=None),
    )
    _delete(session, counts, Misheard, Misheard.conversation_id == here)
    empty(session, here)
    _delete(
        session,
        counts,
        WebSession,
        WebSession.conversation_id == here,
        WebSession.ended_at.is_not(None),
    )
    signed_out = {"person_id": None, "verified_at": None}
    _change(
        session, update(WebSession).where(WebSession.conversation_id == here).values(**signed_out)
    )
    # With no events left, Rasa begins anew; lines keep their numbers, by which the page reads on.
    _change(
        session,
        update(Conversation).where(Conversation.id == here).values(person_id=None, last_event=0),
    )


def _delete_lines(session: Any, here: str, counts: Counter[str]) -> None:
    """Lines and inbox, but for the message that is being answered and what came after it."""
    answered = session.scalar(
        select(func.max(Inbox.id)).where(Inbox.conversation_id == here, Inbox.state == "done")
    )
    stays = or_(Inbox.state == "new", Inbox.id == answered)
    _delete(session, counts, Inbox, Inbox.conversation_id == here, ~stays)
    names = select(Inbox.client_id).where(Inbox.conversation_id == here)
    _delete(
        session,
        counts,
        Line,
        Line.conversation_id == here,
        or_(Line.client_id.is_(None), Line.client_id.not_in(names)),
    )
    _take_words(session, here, answered)


def _take_words(session: Any, here: str, message_id: int | None) -> None:
    """The page waits for this line under its name, and may send the message once more."""
    name = session.scalar(select(Inbox.client_id).where(Inbox.id == message_id))
    language = session.scalar(select(Conversation.language).where(Conversation.id == here))
    _change(session, update(Inbox).where(Inbox.id == message_id).values(text="", payload=None))
    _change(
        session,
        update(Line)
        .where(Line.conversation_id == here, Line.client_id == name)
        .values(body={"text": say(language, "privacy.yes")}),
    )


def _person_of(session: Any, conversation_id: str) -> int | None:
    return session.scalar(select(Conversation.person_id).where(Conversation.id == conversation_id))


def _delete(session: Any, counts: Counter[str], table: Any, *conditions: Any) -> None:
    counts[table.__tablename__] += delete_where(session, table, *conditions)


def _change(session: Any, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
