"""One change of a stage: allowed, written with who, when and why, in one transaction with its
audit row and its notice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot import audit
from bot.clock import now, today
from bot.landing.machine import MOVES, PERSON
from bot.landing.notices import notify
from bot.landing.place import Actor, Place
from bot.rights.authorize import Viewer, require
from bot.store import Landing, LandingMove


class IllegalMove(Exception):
    """The move is not possible at this stage; nothing was changed."""

    def __init__(self, verb: str, stage: str) -> None:
        super().__init__(f"{verb} at {stage}")
        self.verb, self.stage = verb, stage


class NoLanding(Exception):
    """The person has no landing on this application (it is not approved, or not theirs)."""


def move(
    session: Any,
    place: Place,
    verb: str,
    actor: Actor,
    *,
    why: str | None = None,
    request: str | None = None,
) -> bool:
    """Make the move; False when `request` (an id of the caller's) was carried out before, and then
    nothing changes.

    Raises:
        NoLanding, IllegalMove
        NotAllowed: the person may not do this for this person (bot/rights).
    """
    if actor.kind == PERSON:
        require(
            session, Viewer(actor.person_id), MOVES[verb].act, place.person_id,
            place.application_id,
        )  # fmt: skip
    before = locked_stage(session, place)
    if was_carried_out(session, place, verb, request):
        return False
    wanted = MOVES[verb]
    if before not in wanted.sources or actor.kind not in wanted.by:
        raise IllegalMove(verb, before)
    _write(session, place, verb, before, actor, why, request)
    notify(session, place, verb)
    return True


def stage_of(session: Any, place: Place) -> str | None:
    """The stage, or None when there is no landing."""
    return session.scalar(select(Landing.stage).where(*here(Landing, place)))


def locked_stage(session: Any, place: Place) -> str:
    """The stage, locked until the caller's transaction ends.

    Raises:
        NoLanding
    """
    stage = session.scalar(select(Landing.stage).where(*here(Landing, place)).with_for_update())
    if stage is None:
        raise NoLanding
    return str(stage)


def last_move(session: Any, place: Place) -> Any:
    """The newest row of landing_move, or None (a stage that a file of cases brought has none)."""
    return session.execute(
        select(LandingMove)
        .where(*here(LandingMove, place))
        .order_by(LandingMove.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def here(table: Any, place: Place) -> tuple[Any, ...]:
    return (table.application_id == place.application_id, table.person_id == place.person_id)


def was_carried_out(session: Any, place: Place, verb: str, request: str | None) -> bool:
    """Whether this very request of the caller's moved the landing before."""
    if request is None:
        return False
    found = select(LandingMove.id).where(
        *here(LandingMove, place), LandingMove.verb == verb, LandingMove.request == request
    )
    return session.scalar(found) is not None


def _write(
    session: Any,
    place: Place,
    verb: str,
    before: str,
    actor: Actor,
    why: str | None,
    request: str | None,
) -> None:
    after = MOVES[verb].target
    session.execute(
        update(Landing).where(*here(Landing, place)).values(stage=after, changed_on=today())
    )
    session.add(
        LandingMove(
            application_id=place.application_id,
            person_id=place.person_id,
            verb=verb,
            before=before,
            after=after,
            at=now(),
            by_person_id=actor.person_id,
            agent=actor.agent,
            why=why,
            request=request,
        )
    )
    audit.record(
        session,
        f"landing.{verb}",
        person_id=place.person_id,
        application_id=place.application_id,
        conversation_id=actor.conversation_id,
        agent=actor.agent,
        by=actor.person_id,
        before=before,
        after=after,
        why=why,
    )
