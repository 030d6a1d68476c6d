"""What somebody gives for their landing, all at once: the tests of what comes after it."""

from __future__ import annotations

from typing import Any

from bot.clock import now
from bot.landing.papers import papers_or_new
from bot.landing.photos import keep_photo
from bot.landing.place import Actor, Place
from bot.photos.report import PhotoReport
from bot.store import PostalAddress
from tests.bot.landing.family import HOME

DECLARED = {"city": "Ottawa", "province": "ON", "since": "2024-05-01"}
GOOD = PhotoReport((), picture=b"\xff\xd8 a picture", width=715, height=1000)


def give_all(session: Any, place: Place) -> None:
    """Declaration, address and photo, whatever the stage."""
    papers = papers_or_new(session, place)
    papers.declaration = papers.declaration or DECLARED
    if session.get(PostalAddress, place.person_id) is None:
        session.add(PostalAddress(person_id=place.person_id, value=HOME.to_json(), since=now()))
    if papers.photo_id is None:
        papers.photo_id = keep_photo(session, place, Actor(person_id=place.person_id), GOOD)
    session.flush()
