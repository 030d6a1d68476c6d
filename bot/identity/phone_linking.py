"""Proving that a phone is a person's: a code sent to it, entered in their verified session.

It holds for 90 days: numbers change hands. The code goes to the phone and confirms this number
only; who asked is told by e-mail as well, so that nobody's case is told to a stranger's phone
unnoticed (knowledge: design, decision 7; security, T04 and T06).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot import audit
from bot.clock import now
from bot.identity.budgets import BUDGETS, HOUR, Budget, Budgets, spend, subject_of
from bot.identity.codes import LIFETIME, make_code, try_code, was_used
from bot.identity.locks import is_locked
from bot.identity.step_up import TooManyCodes
from bot.messages.outbox import queue_mail, queue_sms
from bot.phones.conversing import own
from bot.phones.finding import live_link, phone_of
from bot.phones.numbers import masked_number, normal_number
from bot.phones.unlinking import unlink
from bot.settings import Settings
from bot.store import Person, Phone, PhoneLink
from bot.texts import say
from bot.vault import keep, kept

PURPOSE = "link_phone"
GOOD_FOR = timedelta(days=90)
# However many people ask for it: nobody's phone is rung again and again.
BY_NUMBER = Budget("codes.number", 3, HOUR)


class NotANumber(Exception):
    """It is no number of a country that we text."""


class NothingAsked(Exception):
    """No code for a phone is waited for here."""


@dataclass(frozen=True)
class Linked:
    """What came of a code: the number as its owner sees it, or how many tries remain. `repeated`:
    it was entered before, and the answer was lost."""

    number: str | None
    tries_left: int = 0
    repeated: bool = False


def ask_phone_code(
    session: Any,
    settings: Settings,
    conversation_id: str,
    person_id: int,
    raw: str,
    language: str,
    budgets: Budgets = BUDGETS,
) -> str:
    """Text a code to the number; returns the number as it is shown.

    To a phone that has stopped nothing is sent, and nobody is told so but who holds the phone.

    Raises:
        NotANumber: nothing was done.
        TooManyCodes: nothing was sent.
    """
    number = normal_number(raw, settings.sms_countries)
    if number is None:
        raise NotANumber
    person = session.get(Person, person_id)
    subject = subject_of(session, person.uci or person.party_id or str(person_id))
    number_subject = subject_of(session, "phone", number)
    spent = [spend(session, budget, subject) for budget in budgets.change_codes]
    spent.append(spend(session, BY_NUMBER, number_subject))
    if not all(spent) or is_locked(session, subject):
        raise TooManyCodes
    code = make_code(
        session,
        conversation_id,
        subject=subject,
        person_id=person_id,
        purpose=PURPOSE,
        binding=number,
    )
    keep(session, conversation_id, "phone", number)
    phone = phone_of(session, number, language)
    queue_sms(
        session,
        phone=phone,
        language=language,
        text=say(language, "sms.link.code", code=code.shown),
        useless_after=now() + LIFETIME,
    )
    return masked_number(number)


def confirm_phone(
    session: Any, settings: Settings, conversation_id: str, person_id: int, code: str
) -> Linked:
    """Try the code; with the right one the phone is the person's from now on.

    Raises:
        NothingAsked: no code was asked for, or it is too long ago.
    """
    number = kept(session, conversation_id).get("phone")
    if number is None:
        raise NothingAsked
    if was_used(session, conversation_id, code, PURPOSE, number):
        return Linked(masked_number(number), repeated=True)
    attempt = try_code(session, conversation_id, code, PURPOSE, number)
    if attempt.person_id != person_id:
        return Linked(None, attempt.tries_left)
    _link(session, settings, conversation_id, person_id, number)
    return Linked(masked_number(number))


def _link(
    session: Any, settings: Settings, conversation_id: str, person_id: int, number: str
) -> None:
    person = session.get(Person, person_id)
    phone = phone_of(session, number, person.language)
    if _owner(session, phone) == person_id:
        _end_quietly(session, phone)
    else:
        unlink(session, phone, "again")
    moment = now()
    session.add(
        PhoneLink(phone_id=phone.id, person_id=person_id, proven_at=moment, until=moment + GOOD_FOR)
    )
    session.flush()
    own(session, phone, person_id)
    audit.record(
        session,
        "phone.linked",
        person_id=person_id,
        conversation_id=conversation_id,
        phone=phone.id,
    )
    _tell(session, settings, person, phone)


def _owner(session: Any, phone: Phone) -> int | None:
    found: int | None = session.scalar(
        select(PhoneLink.person_id).where(PhoneLink.phone_id == phone.id, *live_link())
    )
    return found


def _end_quietly(session: Any, phone: Phone) -> None:
    """The same person proves it anew: one row more, the same conversation."""
    for link in session.scalars(
        select(PhoneLink).where(PhoneLink.phone_id == phone.id, PhoneLink.ended_at.is_(None))
    ):
        link.ended_at, link.ended_why = now(), "again"


def _tell(session: Any, settings: Settings, person: Person, phone: Phone) -> None:
    """On the phone what it can do now; by e-mail that this happened."""
    page = f"{settings.public_url}/{phone.language}"
    done = say(phone.language, "sms.link.done", page=page)
    queue_sms(session, phone=phone, language=phone.language, text=done, person_id=person.id)
    queue_mail(
        session,
        to=person.email,
        language=person.language,
        template="phone_linked",
        person_id=person.id,
        number=masked_number(phone.number),
        service=f"{settings.public_url}/{person.language}",
    )


def phones_of(session: Any, person_id: int) -> list[Phone]:
    """The phones that are proven to be the person's, the one proven last first."""
    return list(
        session.scalars(
            select(Phone)
            .join(PhoneLink, PhoneLink.phone_id == Phone.id)
            .where(PhoneLink.person_id == person_id, *live_link())
            .order_by(PhoneLink.proven_at.desc(), PhoneLink.id.desc())
        )
    )


def remove_phones(session: Any, person_id: int) -> int:
    """No phone is the person's any more; how many were."""
    phones = phones_of(session, person_id)
    for phone in phones:
        unlink(session, phone, "person")
    return len(phones)
