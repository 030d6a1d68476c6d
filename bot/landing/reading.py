"""How far a landing is, for those who may know: the step now, the next one, what blocks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.addresses.record import address_of, held_change, held_until
from bot.clock import now
from bot.landing.machine import to_do
from bot.landing.moving import last_move
from bot.landing.papers import papers_of
from bot.landing.place import Place
from bot.rights.authorize import Rights, Viewer
from bot.store import Application, Confirmation, Landing, Person


@dataclass(frozen=True)
class Standing:
    """A landing as its reader may know it.

    `to_do` is the verb of bot/landing/machine.py that is the reader's to do, or None; `returned` is
    (part, reason); `why` the reason of the last move; `held_until` when a change of address counts,
    in the zone of whoever asked for it.
    """

    place: Place
    number: str
    given_names: str
    mine: bool
    stage: str
    to_do: str | None
    may_do: bool
    returned: tuple[str, str] | None
    why: str | None
    held_until: datetime | None
    has_address: bool
    photo_id: str | None
    confirmation: str | None
    correcting: bool


def standings(session: Any, viewer_id: int) -> list[Standing]:
    """Every landing that the viewer may read: their own first, then the children they act for."""
    rights = Rights(session, Viewer(viewer_id))
    rows = session.execute(
        select(Landing.application_id, Landing.person_id, Landing.stage)
        .where(Landing.application_id.in_(rights.seats))
        .order_by(Landing.application_id.desc(), Landing.person_id)
    ).all()
    found = [
        _standing(session, rights, viewer_id, Place(application_id, person_id), stage)
        for application_id, person_id, stage in rows
        if rights.of("read_landing", person_id, application_id).allowed
    ]
    return sorted(found, key=lambda standing: not standing.mine)


def standing_of(session: Any, viewer_id: int, person_id: int | None = None) -> Standing | None:
    """The viewer's own standing (or that of a child they act for); the one furthest from its end
    when there are several. None when there is none that they may read."""
    wanted = [
        s
        for s in standings(session, viewer_id)
        if (s.mine if person_id is None else s.place.person_id == person_id)
    ]
    return wanted[0] if wanted else None


def _standing(session: Any, rights: Rights, viewer_id: int, place: Place, stage: str) -> Standing:
    papers, last = papers_of(session, place), last_move(session, place)
    returned = papers.returned if papers else None
    part = returned["part"] if returned and stage == "returned" else None
    why = last.why if last else None
    return Standing(
        place=place,
        number=session.get(Application, place.application_id).number,
        given_names=session.get(Person, place.person_id).given_names,
        mine=place.person_id == viewer_id,
        stage=stage,
        to_do=to_do(stage, part, why),
        may_do=rights.of("do_landing", place.person_id, place.application_id).allowed,
        returned=(returned["part"], returned["reason"]) if part and returned else None,
        why=why,
        held_until=held_until(session, held_change(session, place.person_id)),
        has_address=address_of(session, place.person_id) is not None,
        photo_id=papers.photo_id if papers else None,
        confirmation=_confirmation(session, place),
        correcting=bool(papers and papers.correction),
    )


def _confirmation(session: Any, place: Place) -> str | None:
    """The number of the one that can be downloaded now."""
    number: str | None = session.scalar(
        select(Confirmation.number).where(
            Confirmation.application_id == place.application_id,
            Confirmation.person_id == place.person_id,
            Confirmation.state == "valid",
            Confirmation.until >= now(),
        )
    )
    return number
