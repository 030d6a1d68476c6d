"""A second code for a change: good for that purpose and that very change only.

What the e-mail shows is what the code confirms ("what you see is what you sign": OWASP
transaction authorization). Used by whatever changes a person's file; asking again begins anew.
"""

from __future__ import annotations

from typing import Any

from bot.clock import now
from bot.identity.budgets import BUDGETS, Budgets, spend, subject_of
from bot.identity.codes import LIFETIME, make_code, try_code
from bot.identity.locks import is_locked
from bot.messages.outbox import queue_mail
from bot.store import Person


class TooManyCodes(Exception):
    """The person had as many codes as they may in this time, or none are sent: locked."""


def ask_change_code(
    session: Any,
    conversation_id: str,
    person_id: int,
    purpose: str,
    change: str,
    public_url: str,
    budgets: Budgets = BUDGETS,
) -> None:
    """E-mail a code to the address on file that confirms `change`, said in the person's language.

    Raises:
        TooManyCodes: nothing was sent.
    """
    person = session.get(Person, person_id)
    subject = subject_of(session, person.uci or person.party_id or str(person_id))
    # While locked, no code would be taken.
    spent = not all([spend(session, budget, subject) for budget in budgets.change_codes])
    if spent or is_locked(session, subject):
        raise TooManyCodes
    code = make_code(
        session,
        conversation_id,
        subject=subject,
        person_id=person_id,
        purpose=purpose,
        binding=change,
    )
    queue_mail(
        session,
        to=person.email,
        language=person.language,
        template="code_for_change",
        person_id=person_id,
        useless_after=now() + LIFETIME,
        code=code.shown,
        change=change,
        service=public_url,
        not_me=f"{public_url}/{person.language}/not-me/{code.not_me}",
    )


def confirm_change(
    session: Any, conversation_id: str, person_id: int, purpose: str, change: str, code: str
) -> tuple[bool, int]:
    """(whether `code` confirms exactly this `change`, how many tries remain)."""
    attempt = try_code(session, conversation_id, code, purpose, change)
    return attempt.person_id == person_id, attempt.tries_left
