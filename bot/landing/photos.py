"""Photos of a landing: counted, kept once they passed the checks, shown to their owner; and the
one-time address at which a telephone without the page sends one."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bot import audit
from bot.clock import now
from bot.identity.budgets import Budget, spend_or_raise, subject_of
from bot.landing.machine import to_do
from bot.landing.moving import here, locked_stage
from bot.landing.papers import papers_of
from bot.landing.place import Actor, Place
from bot.landing.steps import NotNow, give_photo
from bot.photos.report import PhotoReport
from bot.rights.authorize import Viewer, require
from bot.store import Photo, UploadLink

# A check costs a second of a processor (knowledge: security, T15, which has ten a day; people who
# take a photo at home need more tries than a studio).
TRIES = Budget("photo.tries", 30, timedelta(days=1))
LINK_LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Link:
    """A live one-time address: whose photo, and the conversation it belongs to."""

    place: Place
    conversation_id: str


def may_send(session: Any, place: Place, actor: Actor) -> None:
    """Count a try.

    Raises:
        NotAllowed: not their photo to send.
        NotNow: no photo is due.
        BudgetSpent
    """
    require(session, Viewer(actor.person_id), "submit_photo", place.person_id, place.application_id)
    papers, stage = papers_of(session, place), locked_stage(session, place)
    returned = papers.returned["part"] if papers and papers.returned else None
    if to_do(stage, returned) != "give_photo":
        raise NotNow
    spend_or_raise(session, TRIES, subject_of(session, "photo", str(place.person_id)))


def keep_photo(session: Any, place: Place, actor: Actor, report: PhotoReport) -> str:
    """Keep a picture that passed the checks until its owner chooses it; its id."""
    assert report.picture is not None and not report.problems
    photo_id = secrets.token_urlsafe(12)
    session.add(
        Photo(
            id=photo_id,
            application_id=place.application_id,
            person_id=place.person_id,
            picture=report.picture,
            report={"warnings": [w.kind for w in report.warnings],
                    "width": report.width, "height": report.height},
            created_at=now(),
        )
    )  # fmt: skip
    audit.record(
        session,
        "photo.kept",
        person_id=place.person_id,
        application_id=place.application_id,
        conversation_id=actor.conversation_id,
        by=actor.person_id,
    )
    return photo_id


def own_photo(session: Any, viewer_id: int, photo_id: str) -> bytes | None:
    """The picture, for those whose landing it is of; None for everybody else."""
    photo = session.get(Photo, photo_id)
    if photo is None:
        return None
    require(session, Viewer(viewer_id), "submit_photo", photo.person_id, photo.application_id)
    return bytes(photo.picture)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def make_link(session: Any, place: Place, actor: Actor, token: str) -> None:
    """Let `token` (of `new_token`) name a one-time address for one photo; earlier ones of this
    landing end."""
    require(session, Viewer(actor.person_id), "submit_photo", place.person_id, place.application_id)
    session.execute(
        update(UploadLink)
        .where(*here(UploadLink, place), UploadLink.used_at.is_(None))
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    session.add(
        UploadLink(
            token_hash=_hash(token),
            conversation_id=actor.conversation_id,
            application_id=place.application_id,
            person_id=place.person_id,
            expires_at=now() + LINK_LIFETIME,
        )
    )


def find_link(session: Any, token: str) -> Link | None:
    """What the address is for, or None when it is used, over or unknown."""
    row = session.execute(
        select(UploadLink).where(
            UploadLink.token_hash == _hash(token),
            UploadLink.used_at.is_(None),
            UploadLink.expires_at > now(),
        )
    ).scalar_one_or_none()
    if row is None:
        return None
    return Link(Place(row.application_id, row.person_id), row.conversation_id)


def use_link(session: Any, token: str, photo_id: str, actor: Actor) -> bool:
    """Send the photo for review and use the address up; False when it is used or over already."""
    link = find_link(session, token)
    used = session.execute(
        update(UploadLink)
        .where(UploadLink.token_hash == _hash(token), UploadLink.used_at.is_(None))
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    if link is None or used.rowcount != 1:
        return False
    give_photo(session, link.place, actor, photo_id)
    return True


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
