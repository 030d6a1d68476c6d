"""What a person has given for their landing."""

from __future__ import annotations

from typing import Any

from bot.landing.place import Place
from bot.store import LandingPapers


def papers_of(session: Any, place: Place) -> Any:
    """The row, or None when nothing was given yet."""
    return session.get(LandingPapers, tuple(place))


def papers_or_new(session: Any, place: Place) -> Any:
    """The row to write to; the caller holds the landing's lock."""
    found = papers_of(session, place)
    if found is None:
        found = LandingPapers(application_id=place.application_id, person_id=place.person_id)
        session.add(found)
        session.flush()
    return found
