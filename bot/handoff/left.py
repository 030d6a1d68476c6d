"""Messages that were left: how their writers learn of an answer, and where they read it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.chat.conversations import add_line, conversation_language
from bot.clock import now
from bot.handoff.rows import change
from bot.messages.outbox import queue_mail, queue_sms
from bot.store import Agent, Conversation, Handoff, Line, Person, Phone, PhoneLink
from bot.texts import say
from bot.texts.dates import long_date


def ways(session: Any, person_id: int | None) -> list[str]:
    """How somebody can be told of an answer elsewhere than on the page: email, sms. Only at what is
    on file or proven; what is typed into the chat is nobody's address."""
    if person_id is None:
        return []
    person = session.get(Person, person_id)
    found = ["email"] if person is not None and person.email else []
    return [*found, "sms"] if _phone_of(session, person_id) else found


def _phone_of(session: Any, person_id: int) -> Phone | None:
    moment = now()
    return session.execute(
        select(Phone)
        .join(PhoneLink, PhoneLink.phone_id == Phone.id)
        .where(
            PhoneLink.person_id == person_id,
            PhoneLink.until > moment,
            PhoneLink.ended_at.is_(None),
            Phone.stopped_at.is_(None),
        )
        .order_by(PhoneLink.proven_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def tell_of_answer(session: Any, handoff: Handoff) -> None:
    """Tell the person, once a hand-off, that the agent has answered. The answer itself stays here:
    mail and texts are read by others."""
    if not handoff.left or handoff.told_at is not None or handoff.answer_by == "page":
        return
    person_id = session.scalar(
        select(Conversation.person_id).where(Conversation.id == handoff.conversation_id)
    )
    if handoff.channel == "sms" or person_id is None:
        return  # by text message the answer itself has gone out
    event = f"handoff.{handoff.id}.answered"
    phone = _phone_of(session, person_id) if handoff.answer_by == "sms" else None
    person = session.get(Person, person_id)
    if phone is not None:
        text = say(phone.language, "handoff.told")
        queue_sms(
            session,
            phone=phone,
            language=phone.language,
            text=text,
            person_id=person_id,
            event=event,
        )
    elif person.email:
        queue_mail(
            session,
            to=person.email,
            language=person.language,
            template="agent_answered",
            person_id=person_id,
            event=event,
        )
    change(session, handoff, told_at=now())


def bring_answers(session: Any, conversation_id: str, person_id: int) -> int:
    """Show the person, who has just proved who they are, what agents answered them in earlier
    conversations; each answer once. Returns how many."""
    rows = session.execute(
        select(Handoff, Agent.name)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .join(Agent, Agent.id == Handoff.agent_id)
        .where(
            Conversation.person_id == person_id,
            Conversation.id != conversation_id,
            Handoff.left.is_(True),
            Handoff.answered_at.is_not(None),
            Handoff.fetched_at.is_(None),
        )
        .order_by(Handoff.id)
    ).all()
    language = conversation_language(session, conversation_id)
    for handoff, name in rows:
        day = long_date(language, handoff.asked_at.date())
        begin = say(language, "handoff.leave.answered", name=name, day=day)
        text = "\n\n".join([begin, *_answers(session, handoff)])
        add_line(session, conversation_id, "system", {"text": text, "lang": handoff.language})
        change(session, handoff, fetched_at=now())
    return len(rows)


def _answers(session: Any, handoff: Handoff) -> list[str]:
    bodies = session.scalars(
        select(Line.body)
        .where(
            Line.conversation_id == handoff.conversation_id,
            Line.author == "agent",
            Line.number > (handoff.left_line or handoff.from_line or 0),
        )
        .order_by(Line.number)
    )
    return [str(body["text"]) for body in bodies]
