"""The e-mail that goes with a move: to the address on file, so that nothing happens unnoticed.

The invitation, the instructions and the confirmation are in both languages with the genuine
subject, like the department's own (knowledge: domain, 2.1, 2.4).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from bot.landing.place import Place, writes_to
from bot.messages.outbox import queue_mail
from bot.notices.telling import tell
from bot.notices.topics import CARD, CONFIRMATION, PHOTO
from bot.store import LandingMove, Person
from bot.texts import say
from bot.texts.dates import long_date

BILINGUAL = {"invite": "landing_invited", "open_profile": "landing_ready", "accept": "ecopr_ready"}
# Moves that the person is told of in a sentence of their own (landing.notice.<verb>).
PLAIN = frozenset(
    {"decline", "declare", "give_photo", "report_abroad", "come_back", "leave", "hold", "return",
     "order_card", "mail_card"}
)  # fmt: skip
# Moves that subscribers are told of besides, by text message: the e-mail goes to everybody.
NEWS = {"return": PHOTO, "accept": CONFIRMATION, "mail_card": CARD}


def notify(session: Any, place: Place, verb: str) -> None:
    """Queue the notice of `verb`, if it has one, in the caller's transaction."""
    if verb in BILINGUAL:
        _mail(session, place, BILINGUAL[verb], bilingual=True)
    elif verb in PLAIN:
        language = writes_to(session, place).language
        _mail(session, place, "landing_step", step=say(language, f"landing.notice.{verb}"))
    if verb in NEWS:
        _tell(session, place, verb)


def _tell(session: Any, place: Place, verb: str) -> None:
    session.flush()
    here = (LandingMove.application_id == place.application_id,
            LandingMove.person_id == place.person_id)  # fmt: skip
    number = session.scalar(select(func.max(LandingMove.id)).where(*here))
    tell(
        session,
        place.person_id,
        NEWS[verb],
        f"landing.{verb}.{number}",
        application_id=place.application_id,
        details={"mailed": True},
    )


def remind(session: Any, place: Place, until: date) -> None:
    """An address in Canada is still missing, and `until` it has to be given."""
    language = writes_to(session, place).language
    _mail(session, place, "landing_address_reminder", until=long_date(language, until))


def _mail(
    session: Any, place: Place, template: str, bilingual: bool = False, **values: Any
) -> None:
    to = writes_to(session, place)
    queue_mail(
        session,
        to=to.email,
        language=to.language,
        template=template,
        person_id=to.id,
        bilingual=bilingual,
        name=full_name(session.get(Person, place.person_id)),
        **values,
    )


def full_name(person: Person) -> str:
    return f"{person.given_names} {person.family_name}".strip()
