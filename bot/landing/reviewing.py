"""The officer's part: what waits for review, acceptance, return with a reason, correction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot import audit
from bot.addresses.address import Address
from bot.addresses.record import address_of, held_change
from bot.landing import confirming
from bot.landing.machine import PARTS
from bot.landing.moving import IllegalMove, locked_stage, move
from bot.landing.notices import full_name
from bot.landing.papers import papers_of, papers_or_new
from bot.landing.place import Actor, Place
from bot.store import Application, Landing, LandingMove, LandingPapers, Person, Photo

# Reasons that an officer picks, in words in both languages (landing.reason.<code>).
REASONS = {
    "declaration": ("unclear", "left_canada"),
    "address": ("not_residential", "not_found"),
    "photo": ("not_recent", "expression", "covered", "not_the_person", "retouched"),
}


@dataclass(frozen=True)
class Review:
    """A landing that waits: what was declared and given, and what the checks found."""

    place: Place
    number: str
    name: str
    since: datetime | None
    declaration: dict[str, str] | None
    address: Address | None
    photo_id: str | None
    report: dict[str, Any] | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that are not here: the case system may say "in review" for what was given
        elsewhere."""
        given = {
            "declaration": self.declaration,
            "address": self.address,
            "photo": self.photo_id,
        }
        return tuple(part for part in PARTS if not given[part])


@dataclass(frozen=True)
class Reported:
    """An error that somebody reported on their confirmation, and what is `printed` there."""

    place: Place
    name: str
    confirmation: str
    said: str
    printed: dict[str, str | None]


class NoSuchReason(Exception):
    """The part cannot be returned for this reason."""


def waiting(session: Any, limit: int = 100) -> list[Review]:
    """What waits for an officer, the longest first."""
    since = func.max(LandingMove.at)
    rows = session.execute(
        select(Landing.application_id, Landing.person_id, since)
        .outerjoin(
            LandingMove,
            (LandingMove.application_id == Landing.application_id)
            & (LandingMove.person_id == Landing.person_id),
        )
        .where(Landing.stage == "in_review")
        .group_by(Landing.application_id, Landing.person_id)
        .order_by(since)
        .limit(limit)
    ).all()
    return [review_of(session, Place(row[0], row[1]), row[2]) for row in rows]


def reported(session: Any, limit: int = 100) -> list[Reported]:
    """Confirmations with a reported error; their cards wait."""
    rows = session.execute(
        select(Landing.application_id, Landing.person_id, LandingPapers.correction)
        .join(
            LandingPapers,
            (LandingPapers.application_id == Landing.application_id)
            & (LandingPapers.person_id == Landing.person_id),
        )
        .where(Landing.stage == "confirmed", LandingPapers.correction.is_not(None))
        .order_by(Landing.changed_on)
        .limit(limit)
    )
    return [_reported(session, Place(row[0], row[1]), row[2]["said"]) for row in rows]


def _reported(session: Any, place: Place, said: str) -> Reported:
    valid = confirming.current(session, place)
    printed = {name: valid.details[name] for name in confirming.CORRECTABLE}
    name = full_name(session.get(Person, place.person_id))
    return Reported(place, name, valid.number, said, printed)


def review_of(session: Any, place: Place, since: datetime | None = None) -> Review:
    """One of them."""
    papers = papers_of(session, place)
    photo_id = papers.photo_id if papers else None
    photo = session.get(Photo, photo_id) if photo_id else None
    return Review(
        place,
        session.get(Application, place.application_id).number,
        full_name(session.get(Person, place.person_id)),
        since,
        papers.declaration if papers else None,
        address_of(session, place.person_id),
        photo_id,
        photo.report if photo else None,
    )


def accept(session: Any, place: Place, agent: str) -> str:
    """All is in order: the person is a permanent resident; returns the confirmation’s number.

    Raises:
        IllegalMove: a part is missing, or its address waits for another agent
    """
    locked_stage(session, place)
    if missing := review_of(session, place).missing:
        raise IllegalMove("accept", f"without {', '.join(missing)}")
    held = held_change(session, place.person_id)
    if held is not None and held.state == "review":
        raise IllegalMove("accept", "address in review")
    move(session, place, "accept", Actor(agent=agent))
    return confirming.issue(session, place)


def send_back(session: Any, place: Place, agent: str, part: str, reason: str) -> None:
    """One part is to be given again, for a reason that is said in both languages.

    Raises:
        NoSuchReason
    """
    if reason not in REASONS.get(part, ()) or part not in PARTS:
        raise NoSuchReason(f"{part}: {reason}")
    locked_stage(session, place)
    papers = papers_or_new(session, place)
    papers.returned = {"part": part, "reason": reason}
    session.flush()
    move(session, place, "return", Actor(agent=agent), why=f"{part}.{reason}")


def correct(session: Any, place: Place, agent: str, corrected: dict[str, str]) -> str:
    """Answer a reported error with a corrected confirmation (none when `corrected` is empty: it
    was right); its number. Raises what bot/landing/confirming.py raises."""
    locked_stage(session, place)
    valid = confirming.current(session, place)
    number = valid.number
    corrected = {n: v for n, v in corrected.items() if v != (valid.details.get(n) or "")}
    if corrected:
        number = confirming.correct(session, place, corrected)
    papers_or_new(session, place).correction = None
    audit.record(
        session,
        "ecopr.corrected",
        person_id=place.person_id,
        application_id=place.application_id,
        agent=agent,
        fields=sorted(corrected),
        number=number,
    )
    return str(number)


def photo_bytes(session: Any, photo_id: str, agent: str) -> bytes | None:
    """The picture, for the reviewer; that it was shown is a row of the trail."""
    photo = session.get(Photo, photo_id)
    if photo is None:
        return None
    audit.record(
        session,
        "photo.shown",
        person_id=photo.person_id,
        application_id=photo.application_id,
        agent=agent,
    )
    return bytes(photo.picture)
