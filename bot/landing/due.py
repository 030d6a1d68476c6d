"""What is due without anybody asking: invitations, held addresses, cards, reminders.

Each is one short transaction of its own, so that one that fails stops none of the others, and a
service that was killed goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import and_, func, or_, select

from bot.addresses import holding
from bot.addresses.record import held_change
from bot.clock import now, today
from bot.landing.machine import CONFIRMED
from bot.landing.moving import here, locked_stage, move
from bot.landing.notices import remind
from bot.landing.papers import papers_of
from bot.landing.place import THE_SERVICE, Place
from bot.store import (
    AddressChange,
    Confirmation,
    Database,
    Landing,
    LandingMove,
    LandingPapers,
    PostalAddress,
)

BATCH = 100
# Time to look the confirmation over: after that the card is made as it stands.
TO_CHECK = timedelta(hours=24)
# An address in Canada within 180 days (IRPR 58; knowledge: domain, 2.5); reminded twice before.
REMINDERS = (timedelta(days=120), timedelta(days=165))
TOO_LATE = timedelta(days=180)

log = structlog.get_logger()


def do_due(database: Database) -> dict[str, int]:
    """Do everything that is due now; how many of each kind."""
    return {
        "invitations": _each(database, _to_invite, _invite),
        "addresses": _each(database, _to_apply, holding.apply),
        "cards": _each(database, _to_order, _order),
        "reminders": _each(database, _to_remind, _remind),
    }


def _each(
    database: Database, find: Callable[[Any], Iterable[Any]], do: Callable[[Any, Any], Any]
) -> int:
    with database.read() as session:
        found = list(find(session))
    done = 0
    for item in found:
        try:
            with database.write() as session:
                done += do(session, item) is not False
        except Exception as error:
            log.error("landing.not_done", exc_info=error)
    return done


def _to_invite(session: Any) -> list[Place]:
    """Approved people who were not asked yet; who declined is not asked again."""
    asked = select(LandingMove.id).where(
        LandingMove.application_id == Landing.application_id,
        LandingMove.person_id == Landing.person_id,
    )
    return _places(session, Landing.stage == "not_invited", ~asked.exists())


def _invite(session: Any, place: Place) -> None:
    move(session, place, "invite", THE_SERVICE, why="approved")


def _to_apply(session: Any) -> list[str]:
    return holding.due_changes(session, now(), BATCH)


def _to_order(session: Any) -> list[Place]:
    """Confirmed for a day, nothing reported wrong, no address on its way."""
    valid = select(Confirmation.id).where(
        Confirmation.application_id == Landing.application_id,
        Confirmation.person_id == Landing.person_id,
        Confirmation.state == "valid",
        Confirmation.issued_at <= now() - TO_CHECK,
    )
    wrong = select(LandingPapers.person_id).where(
        LandingPapers.application_id == Landing.application_id,
        LandingPapers.person_id == Landing.person_id,
        LandingPapers.correction.is_not(None),
    )
    moving = select(AddressChange.id).where(
        AddressChange.person_id == Landing.person_id, AddressChange.state.in_(("held", "review"))
    )
    # Who waits is left out here: a batch full of them would keep all others waiting.
    return _places(
        session, Landing.stage == "confirmed", valid.exists(), ~wrong.exists(), ~moving.exists()
    )


def _order(session: Any, place: Place) -> bool:
    # Whoever confirms an address waits for this lock, or we for them (bot/addresses/changes.py).
    locked_stage(session, place)
    papers = papers_of(session, place)
    waits = (papers and papers.correction) or held_change(session, place.person_id)
    return not waits and move(session, place, "order_card", THE_SERVICE, why="checked")


def _to_remind(session: Any) -> list[Place]:
    """Permanent residents without an address in Canada, when a reminder is due."""
    address = select(PostalAddress.person_id).where(PostalAddress.person_id == Landing.person_id)
    reminded = (
        select(func.count(LandingMove.id))
        .where(
            LandingMove.application_id == Landing.application_id,
            LandingMove.person_id == Landing.person_id,
            LandingMove.verb == "remind",
        )
        .scalar_subquery()
    )
    due = [
        and_(Landing.changed_on <= today() - after, reminded <= number)
        for number, after in enumerate(REMINDERS)
    ]
    return _places(
        session, Landing.stage.in_(CONFIRMED), Landing.changed_on > today() - TOO_LATE,
        ~address.exists(), or_(*due),
    )  # fmt: skip


def _remind(session: Any, place: Place) -> None:
    stage, since = session.execute(
        select(Landing.stage, Landing.changed_on).where(*here(Landing, place)).with_for_update()
    ).one()
    session.add(
        LandingMove(
            application_id=place.application_id, person_id=place.person_id, verb="remind",
            before=stage, after=stage, at=now(),
        )
    )  # fmt: skip
    remind(session, place, since + TOO_LATE)


def _places(session: Any, *conditions: Any) -> list[Place]:
    rows = session.execute(
        select(Landing.application_id, Landing.person_id).where(*conditions).limit(BATCH)
    )
    return [Place(*row) for row in rows]
