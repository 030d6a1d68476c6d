"""The steps by which a person proves who they are in a conversation.

They work without the engine, in one transaction each; the engine is told of the outcome by a
signal and goes on with the question that was asked. Whatever the details are worth, the same is
written and the same is said (knowledge: security, T01).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot import audit
from bot.chat.conversations import add_line, conversation_language, post_signal
from bot.chat.owning import service_author
from bot.clock import now
from bot.identity.budgets import (
    BUDGETS,
    Budgets,
    network_of,
    spend,
    spend_or_raise,
    subject_of,
    subjects_of,
)
from bot.identity.codes import LIFETIME, Attempt, NewCode, make_code, try_code
from bot.identity.details import Details
from bot.identity.locks import is_locked
from bot.identity.matching import NOBODY, Match, match
from bot.identity.profiles import open_profiles
from bot.identity.sessions import end_sessions, verified_person, verify_session
from bot.messages.outbox import queue_mail
from bot.texts import say
from bot.vault import keeping as vault


class AlreadySignedIn(Exception):
    """Somebody has proved themselves in this conversation; another person needs a new one."""


@dataclass(frozen=True)
class Caller:
    """Where details come from: the caller's network `address`, the service's `public_url` (the
    e-mail names it and leads back to it), and what may be tried."""

    address: str
    public_url: str
    budgets: Budgets = BUDGETS


def submit_details(session: Any, conversation_id: str, details: Details, caller: Caller) -> None:
    """Take the details in and say the one sentence that is always said.

    Raises:
        BudgetSpent: too many tries in this conversation or from this network.
        AlreadySignedIn: log out first.
    """
    if verified_person(session, conversation_id) is not None:
        raise AlreadySignedIn
    here = subject_of(session, "conversation", conversation_id)
    network = subject_of(session, "network", network_of(caller.address))
    spend_or_raise(session, caller.budgets.by_conversation, here)
    spend_or_raise(session, caller.budgets.by_network, network)
    language = conversation_language(session, conversation_id)
    subjects = _subjects(session, details)
    found = _allowed(session, caller.budgets, subjects, match(session, details))
    code = make_code(session, conversation_id, subject=subjects[0], person_id=found.person_id)
    _mail_code(session, "code", found, found.language or language, code, caller.public_url)
    audit.record(session, "identity.details_taken", conversation_id=conversation_id)
    add_line(session, conversation_id, "user", _line(language, "identity.details_sent"))
    body = _line(language, "identity.code_maybe_sent")
    author = service_author(session, conversation_id)
    add_line(session, conversation_id, author, {**body, "card": {"kind": "code"}})


def enter_code(session: Any, conversation_id: str, code: str) -> tuple[Attempt, str | None]:
    """Try a code. When it is right: a rotated session (its token is returned) and the pending
    question goes to the engine."""
    attempt = try_code(session, conversation_id, code)
    if attempt.person_id is None:
        return attempt, None
    token = verify_session(session, conversation_id, attempt.person_id)
    open_profiles(session, attempt.person_id)
    for kind in ("uci", "application_number"):  # the form had them; an address may come next
        vault.take(session, conversation_id, kind)
    audit.record(
        session,
        "identity.verified",
        person_id=attempt.person_id,
        conversation_id=conversation_id,
    )
    language = conversation_language(session, conversation_id)
    add_line(session, conversation_id, "user", _line(language, "identity.code_entered"))
    add_line(session, conversation_id, "system", _line(language, "identity.verified"))
    post_signal(session, conversation_id, "EXTERNAL_verified")
    return attempt, token


def log_out(session: Any, conversation_id: str) -> None:
    """End every session of the conversation and say so."""
    language = conversation_language(session, conversation_id)
    person_id = verified_person(session, conversation_id)
    end_sessions(session, conversation_id)
    vault.empty(session, conversation_id)
    audit.record(
        session, "identity.logged_out", person_id=person_id, conversation_id=conversation_id
    )
    add_line(session, conversation_id, "system", _line(language, "identity.logged_out"))


def _subjects(session: Any, details: Details) -> list[bytes]:
    """Whoever wants to sign in: the representative, or the client."""
    rep = details.representative
    return subjects_of(session, rep.party_id if rep else details.uci)


def _allowed(session: Any, budgets: Budgets, subjects: list[bytes], found: Match) -> Match:
    """`found`, unless the person is locked or has used up tries or codes. All are asked."""
    subject = subjects[0]
    tried = spend(session, budgets.by_person, subject)
    coded = [spend(session, budget, subject) for budget in budgets.codes]
    locked = is_locked(session, *subjects)
    return found if tried and all(coded) and not locked else NOBODY


def _mail_code(
    session: Any, template: str, to: Match, language: str, code: NewCode, public_url: str
) -> None:
    queue_mail(
        session,
        to=to.email,
        language=language,
        template=template,
        person_id=to.person_id,
        useless_after=now() + LIFETIME,
        code=code.shown,
        service=public_url,
        not_me=f"{public_url}/{language}/not-me/{code.not_me}",
    )


def _line(language: str, key: str) -> dict[str, Any]:
    return {"text": say(language, key), "lang": language}
