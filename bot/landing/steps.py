"""What a person does on the way, each in the caller's transaction.

`request` is an id of the caller's: the same request again changes nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from bot import audit
from bot.addresses.record import address_of
from bot.clock import now
from bot.identity.profiles import open_profile
from bot.landing.declaration import Declaration
from bot.landing.machine import ON_HOLD, OUTSIDE_CANADA, UNDER_WAY, to_do
from bot.landing.moving import (
    here,
    last_move,
    locked_stage,
    move,
    stage_of,
    was_carried_out,
)
from bot.landing.papers import papers_of, papers_or_new
from bot.landing.place import THE_SERVICE, Actor, Place
from bot.rights.authorize import Viewer, require
from bot.store import Photo

# Of everything that somebody says is wrong on one confirmation.
LONGEST_REPORT = 2_000


class NotNow(Exception):
    """This is not the step that is due; nothing was changed."""


def agree(session: Any, place: Place, actor: Actor, request: str | None = None) -> None:
    """Yes to landing online: the profile is opened and the instructions go out."""
    if move(session, place, "agree", actor, request=request):
        open_profile(session, place.person_id)
        move(session, place, "open_profile", THE_SERVICE)


def decline(session: Any, place: Place, actor: Actor, request: str | None = None) -> None:
    """No: nobody is asked again by themselves; the other ways stay open."""
    move(session, place, "decline", actor, why="declined", request=request)


def report_abroad(session: Any, place: Place, actor: Actor, request: str | None = None) -> str:
    """Outside Canada, now or soon: the landing waits. Returns the stage it is at afterwards;
    who has been confirmed already, or reported it before, stays where they are."""
    stage = locked_stage(session, place)
    if stage in UNDER_WAY:
        move(session, place, "leave", actor, why="left_canada", request=request)
    elif stage not in (OUTSIDE_CANADA, ON_HOLD) and to_do(stage):
        move(session, place, "report_abroad", actor, why="left_canada", request=request)
    return str(stage_of(session, place))


def come_back(session: Any, place: Place, actor: Actor, request: str | None = None) -> None:
    """Back in Canada: to be declared anew.

    Raises:
        NotNow: an agent put the landing on hold, and ends the hold.
    """
    stage, last = locked_stage(session, place), last_move(session, place)
    if stage == ON_HOLD and not (last and last.why == "left_canada"):
        raise NotNow
    move(session, place, "come_back", actor, request=request)
    # Who reported it before they answered the invitation has answered it now.
    open_profile(session, place.person_id)


def declare(
    session: Any, place: Place, actor: Actor, declaration: Declaration, request: str | None = None
) -> bool:
    """The person is in Canada and says where; False when this request was carried out before."""
    if was_carried_out(session, place, "declare", request):
        return False
    _check_returned(session, place, "declaration")
    move(session, place, "declare", actor, request=request)
    papers = papers_or_new(session, place)
    papers.declaration = {**declaration.as_json(), "at": now().isoformat(timespec="seconds")}
    papers.returned = None
    _go_on(session, place)
    return True


def address_was_given(session: Any, place: Place, actor: Actor) -> None:
    """An address was confirmed (bot/addresses): the step of landing is done, if it is due."""
    stage, papers = stage_of(session, place), papers_of(session, place)
    returned = papers.returned["part"] if papers and papers.returned else None
    if stage is not None and to_do(stage, returned) == "give_address":
        move(session, place, "give_address", actor)
        papers_or_new(session, place).returned = None
        _go_on(session, place)


def give_photo(
    session: Any, place: Place, actor: Actor, photo_id: str, request: str | None = None
) -> bool:
    """The person chose this photo, which passed the checks: it is sent for review; earlier ones go.
    False when this request was carried out before.

    Raises:
        NotNow: it is no photo of this landing, or not the step that is due.
    """
    if was_carried_out(session, place, "give_photo", request):
        return False
    _check_returned(session, place, "photo")
    mine = select(Photo.id).where(*here(Photo, place), Photo.id == photo_id)
    if session.scalar(mine) is None:
        raise NotNow
    move(session, place, "give_photo", actor, request=request)
    papers = papers_or_new(session, place)
    papers.photo_id, papers.returned = photo_id, None
    session.flush()
    session.execute(
        delete(Photo)
        .where(*here(Photo, place), Photo.id != photo_id)
        .execution_options(synchronize_session=False)
    )
    move(session, place, "send", THE_SERVICE)
    return True


def report_error(session: Any, place: Place, actor: Actor, what: str) -> None:
    """Something on the confirmation is wrong: kept for the officer, beside what was said before,
    and the card waits.

    Raises:
        NotNow: there is no confirmation, or the card is made already.
        NotAllowed
    """
    require(session, Viewer(actor.person_id), "do_landing", place.person_id, place.application_id)
    if locked_stage(session, place) != "confirmed":
        raise NotNow
    papers = papers_or_new(session, place)
    if papers.correction:
        what = f"{papers.correction['said']} / {what}"[:LONGEST_REPORT]
    papers.correction = {"said": what, "at": now().isoformat(timespec="seconds")}
    audit.record(
        session,
        "landing.error_reported",
        person_id=place.person_id,
        application_id=place.application_id,
        conversation_id=actor.conversation_id,
        by=actor.person_id,
    )


def _check_returned(session: Any, place: Place, part: str) -> None:
    """At the stage `returned`, only the part that came back may be given again."""
    papers = papers_of(session, place)
    stage = locked_stage(session, place)
    if stage == "returned" and not (papers and papers.returned and papers.returned["part"] == part):
        raise NotNow


def _go_on(session: Any, place: Place) -> None:
    """Pass the stages whose papers are on file already."""
    session.flush()
    if stage_of(session, place) == "declared" and address_of(session, place.person_id):
        move(session, place, "keep_address", THE_SERVICE)
    papers = papers_or_new(session, place)
    if stage_of(session, place) == "address_given" and papers.photo_id:
        move(session, place, "keep_photo", THE_SERVICE)
        move(session, place, "send", THE_SERVICE)
