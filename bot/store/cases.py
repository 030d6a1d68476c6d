"""Cases: applications with their sections, history, requirements, documents and people.

Child tables are keyed by (application, ...) and, on SQLite, stored WITHOUT ROWID: everything of one
application lies together, so reading a case costs the same at a thousand and at a million.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)

from bot.store.base import Base, UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


def _application_key() -> Any:
    return Column(BigId, ForeignKey("application.id", ondelete="CASCADE"), primary_key=True)


class Application(Base):
    """One application (file). `line` is a key of data/lines.yml; `as_of` is the version of the
    record in the system it was imported from; `fingerprint` tells an unchanged record at once."""

    __tablename__ = "application"
    id: int = Column(BigId, primary_key=True, autoincrement=True)
    number: str = Column(String(20), nullable=False, unique=True)
    line: str = Column(String(40), nullable=False)
    stream: str | None = Column(String(40))
    received_on: date = Column(Date, nullable=False)
    acknowledged_on: date | None = Column(Date)
    overall: str = Column(String(20), nullable=False)
    updated_on: date = Column(Date, nullable=False)
    as_of: datetime = Column(UtcDateTime, nullable=False)
    fingerprint: bytes = Column(LargeBinary(16), nullable=False)


class Section(Base):
    """The state of one section (eligibility, language skills, ...) of an application."""

    __tablename__ = "section"
    __table_args__ = CLUSTERED
    application_id: int = _application_key()
    code: str = Column(String(40), primary_key=True)
    status: str = Column(String(20), nullable=False)
    changed_on: date = Column(Date, nullable=False)


class History(Base):
    """What happened to an application, oldest first by `position` (0, 1, ...).

    `event` is received | acknowledged | overall | section | document | requirement_asked |
    requirement_met | updated; `subject` names the section, document or requirement.
    """

    __tablename__ = "history"
    __table_args__ = CLUSTERED
    application_id: int = _application_key()
    position: int = Column(Integer, primary_key=True)
    on: date = Column("happened_on", Date, nullable=False)
    event: str = Column(String(24), nullable=False)
    subject: str | None = Column(String(40))
    before: str | None = Column(String(20))
    after: str | None = Column(String(20))


class Requirement(Base):
    """Something asked of a person of the file; open until `met_on` is set."""

    __tablename__ = "requirement"
    __table_args__ = (Index("ix_requirement_due_on", "due_on"), CLUSTERED)
    application_id: int = _application_key()
    code: str = Column(String(40), primary_key=True)
    person_id: int = Column(BigId, ForeignKey("person.id"), primary_key=True)
    asked_on: date = Column(Date, nullable=False)
    due_on: date | None = Column(Date)
    met_on: date | None = Column(Date)


class Document(Base):
    """The state of a document of the file (medical exam, confirmation, ...)."""

    __tablename__ = "document"
    __table_args__ = CLUSTERED
    application_id: int = _application_key()
    code: str = Column(String(40), primary_key=True)
    status: str = Column(String(20), nullable=False)
    changed_on: date = Column(Date, nullable=False)


class Person(Base):
    """A person known to some file. Clients have a UCI, representatives a party ID."""

    __tablename__ = "person"
    id: int = Column(BigId, primary_key=True, autoincrement=True)
    uci: str | None = Column(String(16), unique=True)
    party_id: str | None = Column(String(16), unique=True)
    family_name: str = Column(String(120), nullable=False)
    given_names: str = Column(String(120), nullable=False)
    birth_date: date | None = Column(Date)
    birth_place: str | None = Column(String(120))
    language: str = Column(String(2), nullable=False)
    email: str | None = Column(String(254))
    phone: str | None = Column(String(20))
    as_of: datetime = Column(UtcDateTime, nullable=False)


class Participant(Base):
    """The role of a person in an application.

    `lookup` is the keyed blind index of (UCI or party ID, application number) by which the
    identity service finds the row (bot/identity/matching.py). `consent_on` is the day the
    sponsored person agreed in writing that this sponsor may see their part.
    """

    __tablename__ = "participant"
    __table_args__ = (
        Index("ix_participant_lookup", "lookup"),
        Index("ix_participant_person_id", "person_id"),
        CLUSTERED,
    )
    application_id: int = _application_key()
    person_id: int = Column(BigId, ForeignKey("person.id"), primary_key=True)
    role: str = Column(String(24), primary_key=True)
    lookup: bytes | None = Column(LargeBinary(16))
    consent_on: date | None = Column(Date)


class Mandate(Base):
    """A form by which somebody may act (IMM5476) or be told (IMM5475) for the applicant."""

    __tablename__ = "mandate"
    __table_args__ = CLUSTERED
    application_id: int = _application_key()
    person_id: int = Column(BigId, ForeignKey("person.id"), primary_key=True)
    form: str = Column(String(10), primary_key=True)
    scope: str = Column(String(24), nullable=False)
    signed_on: date = Column(Date, nullable=False)
    valid_until: date | None = Column(Date)
    cancelled_on: date | None = Column(Date)


class Landing(Base):
    """How far a person of an approved application is in confirming permanent residence."""

    __tablename__ = "landing"
    __table_args__ = CLUSTERED
    application_id: int = _application_key()
    person_id: int = Column(BigId, ForeignKey("person.id"), primary_key=True)
    stage: str = Column(String(20), nullable=False)
    changed_on: date = Column(Date, nullable=False)


class PublishedTime(Base):
    """A published processing time or service standard, as it stood on `as_of`.

    `kind` is processing_time | service_standard; `unit` is days | months; `sample` marks the
    example figures of the demo, which are shown as such.
    """

    __tablename__ = "published_time"
    __table_args__ = (UniqueConstraint("line", "stream", "kind", "as_of"),)
    id: int = Column(Integer, primary_key=True)
    line: str = Column(String(40), nullable=False)
    stream: str = Column(String(40), nullable=False, default="")
    kind: str = Column(String(20), nullable=False)
    value: int = Column(Integer, nullable=False)
    unit: str = Column(String(10), nullable=False)
    as_of: date = Column(Date, nullable=False)
    url_en: str = Column(String(300), nullable=False)
    url_fr: str = Column(String(300), nullable=False)
    sample: bool = Column(Boolean, nullable=False, default=False)


class CaseImport(Base):
    """How far a file of cases has been read, so that a killed import goes on where it was.

    `file_key` is the file's size and SHA-256; `position` is the byte offset of the next line.
    """

    __tablename__ = "case_import"
    file_key: str = Column(String(90), primary_key=True)
    position: int = Column(BigInteger, nullable=False)
    lines: int = Column(Integer, nullable=False)
    added: int = Column(Integer, nullable=False)
    updated: int = Column(Integer, nullable=False)
    unchanged: int = Column(Integer, nullable=False)
    rejected: int = Column(Integer, nullable=False)
    finished_at: datetime | None = Column(UtcDateTime)
