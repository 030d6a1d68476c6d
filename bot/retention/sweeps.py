"""Where the rows of each kind stand, which of them are due, and what removing them means.

A sweep looks for what is due without a lock, and asks again when it removes it: meanwhile the
service goes on, and a row may have changed. Rows that are on hold are never due.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from bot.retention.removing import (
    Removal,
    erase_people,
    prune_audit,
    remove_conversations,
    remove_photos,
    remove_rows,
    remove_wishes,
)
from bot.store import (
    AddressChange,
    AgentSession,
    Alert,
    AuditEntry,
    Challenge,
    Contact,
    Conversation,
    DemoMail,
    Kept,
    Lock,
    News,
    Outbound,
    Participant,
    Person,
    Phone,
    PhoneLink,
    Photo,
    Profile,
    SignInAttempt,
    SmsReceived,
    SmsStatus,
    Tally,
    TurnFigure,
    UploadLink,
    WebSession,
)
from bot.vault.keeping import LIFETIME as VAULT_LIFETIME

# What bot/identity/budgets.py calls WRONG_CODES: a count that ends by a right code, not with time.
WRONG_CODES = "codes.wrong"
# Pruning verifies the whole chain first, so it waits until it is worth it.
AUDIT_EVERY = timedelta(days=1)


@dataclass(frozen=True)
class Sweep:
    """One kind of data/retention.yml.

    `due(cutoff)` gives the conditions, `key` the columns that name a row, `clock` whose time the
    rows carry (database | service); at most `batch` rows go in one transaction.
    """

    kind: str
    key: tuple[Any, ...]
    due: Callable[[datetime], Sequence[Any]]
    clock: str = "service"
    remove: Removal = remove_rows
    batch: int = 500


def on_hold(*, conversation: Any = None, person: Any = None) -> Any:
    """True for a row whose conversation is on hold, or whose person has one that is: a hold also
    covers what the person did later."""
    held = aliased(Conversation)
    same = [held.id == conversation] if conversation is not None else []
    same += [held.person_id == person] if person is not None else []
    return select(held.id).where(held.on_hold.is_(True), or_(*same)).exists()


def _on_no_application(person: Any) -> Any:
    return ~select(Participant.person_id).where(Participant.person_id == person).exists()


def _is_nobodys_phone(cutoff: datetime) -> Any:
    """Whatever links it had are due as well, and go first."""
    kept = or_(_ended(PhoneLink) >= cutoff, on_hold(person=PhoneLink.person_id))
    return ~select(PhoneLink.id).where(PhoneLink.phone_id == Phone.id, kept).exists()


def _ended(link: Any) -> Any:
    return func.coalesce(link.ended_at, link.until)


def _some_entry_before(moment: datetime) -> Any:
    oldest = aliased(AuditEntry)
    return select(oldest.position).where(oldest.at < moment).exists()


SWEEPS = (
    Sweep(
        "vault",
        (Kept.id,),
        lambda cutoff: (Kept.expires_at < cutoff + VAULT_LIFETIME,),
        clock="database",
    ),
    Sweep(
        "codes",
        (Challenge.id,),
        lambda cutoff: (
            Challenge.expires_at < cutoff,
            ~on_hold(conversation=Challenge.conversation_id, person=Challenge.person_id),
        ),
        clock="database",
    ),
    Sweep(
        "tries",
        (Tally.kind, Tally.subject),
        lambda cutoff: (Tally.started_at < cutoff, Tally.kind != WRONG_CODES),
        clock="database",
    ),
    Sweep(
        "wrong_codes",
        (Tally.kind, Tally.subject),
        lambda cutoff: (Tally.started_at < cutoff, Tally.kind == WRONG_CODES),
        clock="database",
    ),
    Sweep("locks", (Lock.subject,), lambda cutoff: (Lock.until < cutoff,), clock="database"),
    Sweep(
        "sessions",
        (WebSession.token_hash,),
        lambda cutoff: (
            func.coalesce(WebSession.ended_at, WebSession.seen_at) < cutoff,
            ~on_hold(conversation=WebSession.conversation_id, person=WebSession.person_id),
        ),
    ),
    Sweep(
        "conversations",
        (Conversation.id,),
        lambda cutoff: (
            Conversation.last_at < cutoff,
            ~on_hold(conversation=Conversation.id, person=Conversation.person_id),
        ),
        remove=remove_conversations,
        batch=50,
    ),
    Sweep(
        "desk_sessions",
        (AgentSession.token_hash,),
        lambda cutoff: (func.coalesce(AgentSession.ended_at, AgentSession.seen_at) < cutoff,),
    ),
    Sweep(
        "desk_attempts", (SignInAttempt.mark,), lambda cutoff: (SignInAttempt.created_at < cutoff,)
    ),
    Sweep("desk_alerts", (Alert.id,), lambda cutoff: (Alert.at < cutoff,)),
    Sweep("figures", (TurnFigure.id,), lambda cutoff: (TurnFigure.at < cutoff,)),
    Sweep(
        "messages",
        (Outbound.id,),
        lambda cutoff: (Outbound.created_at < cutoff, ~on_hold(person=Outbound.person_id)),
    ),
    Sweep("demo_mail", (DemoMail.id,), lambda cutoff: (DemoMail.at < cutoff,)),
    Sweep(
        "upload_links",
        (UploadLink.token_hash,),
        lambda cutoff: (UploadLink.expires_at < cutoff,),
    ),
    Sweep(
        "photos",
        (Photo.id,),
        lambda cutoff: (Photo.created_at < cutoff, ~on_hold(person=Photo.person_id)),
        remove=remove_photos,
    ),
    Sweep(
        "address_changes",
        (AddressChange.id,),
        lambda cutoff: (
            AddressChange.created_at < cutoff,
            ~on_hold(person=AddressChange.person_id),
        ),
    ),
    Sweep(
        "phone_links",
        (PhoneLink.id,),
        lambda cutoff: (
            _ended(PhoneLink) < cutoff,
            ~on_hold(person=PhoneLink.person_id),
        ),
    ),
    Sweep(
        "phones",
        (Phone.id,),
        lambda cutoff: (
            Phone.last_at < cutoff,
            Phone.stopped_at.is_(None),
            _is_nobodys_phone(cutoff),
        ),
    ),
    Sweep(
        "stops",
        (Phone.id,),
        lambda cutoff: (
            Phone.last_at < cutoff,
            Phone.stopped_at < cutoff,
            _is_nobodys_phone(cutoff),
        ),
    ),
    Sweep("sms_ids", (SmsReceived.sid,), lambda cutoff: (SmsReceived.received_at < cutoff,)),
    Sweep(
        "sms_statuses",
        (SmsStatus.sid, SmsStatus.status),
        lambda cutoff: (SmsStatus.at < cutoff,),
    ),
    Sweep(
        "profiles",
        (Profile.person_id,),
        lambda _: (_on_no_application(Profile.person_id), ~on_hold(person=Profile.person_id)),
    ),
    Sweep(
        "wishes",
        (Contact.person_id,),
        lambda _: (_on_no_application(Contact.person_id), ~on_hold(person=Contact.person_id)),
        remove=remove_wishes,
    ),
    Sweep(
        "news",
        (News.id,),
        lambda cutoff: (News.created_at < cutoff, ~on_hold(person=News.person_id)),
    ),
    Sweep(
        "people",
        (Person.id,),
        lambda cutoff: (
            and_(Person.as_of < cutoff, _on_no_application(Person.id)),
            ~on_hold(person=Person.id),
        ),
        remove=erase_people,
    ),
    Sweep(
        "audit",
        (AuditEntry.position,),
        lambda cutoff: (AuditEntry.at < cutoff, _some_entry_before(cutoff - AUDIT_EVERY)),
        remove=prune_audit,
        batch=1,
    ),
)
