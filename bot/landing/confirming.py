"""The electronic confirmation (eCOPR): issued when the officer accepts, corrected, downloaded.

Downloadable for 30 days by its verified owner; each download is audited (knowledge: domain, 2.4).
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from bot import audit
from bot.addresses.record import address_of
from bot.clock import now, today
from bot.ecopr import Confirmation as Printed
from bot.landing.moving import here
from bot.landing.place import Actor, Place, writes_to
from bot.rights.ages import age_on
from bot.rights.authorize import Viewer, require
from bot.store import Application, Confirmation, Person
from bot.store.cases import as_date

DOWNLOADABLE = timedelta(days=30)
# From this age people sign for themselves (domain, 2.4).
SIGNS_FROM = 14
# What an officer may correct: what is printed, and only that.
CORRECTABLE = ("family_name", "given_names", "birth_date", "birth_place", "uci")


class NoConfirmation(Exception):
    """There is none, or its 30 days are over."""


def issue(session: Any, place: Place) -> str:
    """Issue the confirmation of a landing that was just accepted; its number.

    Raises:
        NoConfirmation: there is no birth date on file, and none is printed without.
    """
    person = session.get(Person, place.person_id)
    if person.birth_date is None:
        raise NoConfirmation
    address = address_of(session, place.person_id)
    details = {name: person.details[name] for name in CORRECTABLE}
    details["application_number"] = session.get(Application, place.application_id).number
    details["address"] = list(address.lines(person.language)) if address else []
    return _add(session, place, details, today())


def correct(session: Any, place: Place, corrected: dict[str, str]) -> str:
    """Replace the confirmation by one with the corrected details; since when somebody is a
    permanent resident stays. Returns the new number.

    Raises:
        NoConfirmation
        ValueError: a detail that is not printed, or is empty, or a birth date that is none.
    """
    old = current(session, place)
    if not corrected or not set(corrected) <= set(CORRECTABLE) or not all(corrected.values()):
        raise ValueError(f"what can be corrected: {', '.join(CORRECTABLE)}")
    date.fromisoformat(corrected.get("birth_date", old.details["birth_date"]))
    session.execute(
        update(Confirmation)
        .where(*here(Confirmation, place), Confirmation.state == "valid")
        .values(state="replaced")
        .execution_options(synchronize_session=False)
    )
    return _add(session, place, {**old.details, **corrected}, old.became_on)


def current(session: Any, place: Place) -> Any:
    """The valid confirmation.

    Raises:
        NoConfirmation
    """
    found = session.execute(
        select(Confirmation).where(*here(Confirmation, place), Confirmation.state == "valid")
    ).scalar_one_or_none()
    if found is None:
        raise NoConfirmation
    return found


def download(session: Any, place: Place, actor: Actor, specimen: bool) -> Printed:
    """What is to be printed, and the audit row that it was handed out.

    Raises:
        NoConfirmation
        NotAllowed
    """
    require(session, Viewer(actor.person_id), "read_landing", place.person_id, place.application_id)
    found = current(session, place)
    if found.until < now():
        raise NoConfirmation
    audit.record(
        session,
        "ecopr.downloaded",
        person_id=place.person_id,
        application_id=place.application_id,
        conversation_id=actor.conversation_id,
        by=actor.person_id,
        number=found.number,
    )
    return _printed(session, place, found, specimen)


def _printed(session: Any, place: Place, found: Any, specimen: bool) -> Printed:
    details = found.details
    born = as_date(details["birth_date"])
    if born is None:
        raise NoConfirmation
    signs = age_on(born, today()) >= SIGNS_FROM
    guardian = writes_to(session, place)
    return Printed(
        number=found.number,
        family_name=details["family_name"],
        given_names=details["given_names"],
        birth_date=born,
        birth_place=details["birth_place"] or "",
        uci=details["uci"] or "",
        application_number=details["application_number"],
        became_resident_on=found.became_on,
        issued_at=found.issued_at,
        address_lines=tuple(details["address"]),
        guardian=None if signs else f"{guardian.given_names} {guardian.family_name}".strip(),
        signs_self=signs,
        specimen=specimen,
    )


def _add(session: Any, place: Place, details: dict[str, Any], became_on: Any) -> str:
    moment, number = now(), f"T{secrets.randbelow(10**9):09d}"
    session.add(
        Confirmation(
            application_id=place.application_id,
            person_id=place.person_id,
            number=number,
            became_on=became_on,
            issued_at=moment,
            until=moment + DOWNLOADABLE,
            details=details,
            state="valid",
        )
    )
    session.flush()
    return number
