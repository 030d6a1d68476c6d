"""Landing: what people gave for it, who moved it on, and what came of it.

`landing` itself (the stage) stands in bot/store/cases.py, because files of cases bring it along.
Rows here are keyed by application and person: each member of a family lands for themself.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, String

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId
from bot.store.keys import INDEX_BYTES
from bot.store.sealed import SealedBytes, SealedJson


def _application(**how: bool) -> Column:
    return Column(BigId, ForeignKey("application.id", ondelete="CASCADE"), nullable=False, **how)


def _person(**how: bool) -> Column:
    return Column(BigId, ForeignKey("person.id"), nullable=False, **how)


class LandingMove(Base):
    """One change of a stage: `verb` of bot/landing/machine.py, who did it (a person, an agent, or
    neither: the service), and `why`, a code. `request` makes a repeated request the same one."""

    __tablename__ = "landing_move"
    __table_args__ = (Index("ix_landing_move_place", "application_id", "person_id"),)
    id = Column(BigId, primary_key=True, autoincrement=True)
    application_id = _application()
    person_id = _person()
    verb = Column(String(20), nullable=False)
    before = Column(String(20), nullable=False)
    after = Column(String(20), nullable=False)
    at = Column(UtcDateTime, nullable=False)
    by_person_id = Column(BigId, ForeignKey("person.id"))
    agent = Column(String(40))
    why = Column(String(40))
    request = Column(String(80), unique=True)


class LandingPapers(Base):
    """What a person gave: the declaration, the photo they chose; what was returned and why
    (`returned`: {part, reason, note}), and what they say is wrong on the confirmation."""

    __tablename__ = "landing_papers"
    application_id = _application(primary_key=True)
    person_id = _person(primary_key=True)
    declaration = Column(SealedJson("landing_papers.declaration"))
    photo_id = Column(String(24), ForeignKey("photo.id"))
    returned = Column(SealedJson("landing_papers.returned"))
    correction = Column(SealedJson("landing_papers.correction"))


class Photo(Base):
    """A photo that passed the checks, re-encoded; `report` is what the checks measured."""

    __tablename__ = "photo"
    __table_args__ = (Index("ix_photo_place", "application_id", "person_id"),)
    id = Column(String(24), primary_key=True)
    application_id = _application()
    person_id = _person()
    picture = Column(SealedBytes("photo.picture"), nullable=False)
    report = Column(SealedJson("photo.report"), nullable=False)
    created_at = Column(UtcDateTime, nullable=False, index=True)


class UploadLink(Base):
    """An address at which somebody may send one photo without signing in: for a phone that only
    has text messages. The token is in the message; here is its SHA-256."""

    __tablename__ = "upload_link"
    token_hash = Column(LargeBinary(32), primary_key=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False, index=True)
    application_id = _application()
    person_id = _person()
    expires_at = Column(UtcDateTime, nullable=False, index=True)
    used_at = Column(UtcDateTime)


class PostalAddress(Base):
    """The address of record in Canada of a person, since it counts."""

    __tablename__ = "postal_address"
    person_id = _person(primary_key=True)
    value = Column(SealedJson("postal_address.value"), nullable=False)
    since = Column(UtcDateTime, nullable=False)


class AddressChange(Base):
    """A change of address on its way: proposed | held | applied | undone | refused | review.

    `place` is the blind index (purpose "address") of the address, by which the same one for many
    people is noticed. `undo` is the SHA-256 of the token in the notice's address.
    """

    __tablename__ = "address_change"
    __table_args__ = (Index("ix_address_change_due", "state", "held_until"),)
    id = Column(String(24), primary_key=True)
    person_id = _person(index=True)
    by_person_id = _person()
    conversation_id = Column(String(32), nullable=False)
    value = Column(SealedJson("address_change.value"), nullable=False)
    place = Column(LargeBinary(INDEX_BYTES), nullable=False, index=True)
    state = Column(String(10), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    held_until = Column(UtcDateTime)
    undo = Column(LargeBinary(32), unique=True)


class Confirmation(Base):
    """An electronic confirmation of permanent residence: what is printed on it, since when the
    person is a permanent resident, until when it can be downloaded; valid | replaced."""

    __tablename__ = "confirmation"
    __table_args__ = (Index("ix_confirmation_place", "application_id", "person_id"),)
    id = Column(BigId, primary_key=True, autoincrement=True)
    application_id = _application()
    person_id = _person()
    number = Column(String(12), nullable=False, unique=True)
    became_on = Column(Date, nullable=False)
    issued_at = Column(UtcDateTime, nullable=False)
    until = Column(UtcDateTime, nullable=False)
    details = Column(SealedJson("confirmation.details"), nullable=False)
    state = Column(String(10), nullable=False)
