"""Cases: applications with their sections, history, requirements, documents and people.

Child tables are keyed by (application, ...) and, on SQLite, stored WITHOUT ROWID: everything of one
application lies together, so reading a case costs the same at a thousand and at a million.
"""

from __future__ import annotations

from datetime import date
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
from bot.store.keys import INDEX_BYTES, Keys
from bot.store.sealed import SealedJson, SealedText

BigId = BigInteger().with_variant(Integer, "sqlite")
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


def _application_key() -> Any:
    return Column(BigId, ForeignKey("application.id", ondelete="CASCADE"), primary_key=True)


class Application(Base):
    """One application (file). `line` is a key of data/lines.yml; `as_of` is the version of the
    record in the system it was imported from; `fingerprint` tells an unchanged record at once.
    The number is sealed; `number_index` is the blind index (bot/store/keys.py, purpose "number")
    by which it is found."""

    __tablename__ = "application"
    id = Column(BigId, primary_key=True, autoincrement=True)
    number_index = Column(LargeBinary(INDEX_BYTES), nullable=False, unique=True)
    number = Column(SealedText("application.number"), nullable=False)
    line = Column(String(40), nullable=False)
    stream = Column(String(40))
    received_on = Column(Date, nullable=False)
    acknowledged_on = Column(Date)
    overall = Column(String(20), nullable=False)
    updated_on = Column(Date, nullable=False)
    as_of = Column(UtcDateTime, nullable=False)
    fingerprint = Column(LargeBinary(16), nullable=False)


class Section(Base):
    """The state of one section (eligibility, language skills, ...) of an application."""

    __tablename__ = "section"
    __table_args__ = CLUSTERED
    application_id = _application_key()
    code = Column(String(40), primary_key=True)
    status = Column(String(20), nullable=False)
    changed_on = Column(Date, nullable=False)


class History(Base):
    """What happened to an application, oldest first by `position` (0, 1, ...).

    `event` is received | acknowledged | overall | section | document | requirement_asked |
    requirement_met | updated; `subject` names the section, document or requirement; `person_id`
    is whom a requirement was asked of, when the record says so.
    """

    __tablename__ = "history"
    __table_args__ = CLUSTERED
    application_id = _application_key()
    position = Column(Integer, primary_key=True)
    on = Column("happened_on", Date, nullable=False)
    event = Column(String(24), nullable=False)
    subject = Column(String(40))
    before = Column(String(20))
    after = Column(String(20))
    person_id = Column(BigId, ForeignKey("person.id"))


class Requirement(Base):
    """Something asked of a person of the file; open until `met_on` is set."""

    __tablename__ = "requirement"
    __table_args__ = (Index("ix_requirement_due_on", "due_on"), CLUSTERED)
    application_id = _application_key()
    code = Column(String(40), primary_key=True)
    person_id = Column(BigId, ForeignKey("person.id"), primary_key=True)
    asked_on = Column(Date, nullable=False)
    due_on = Column(Date)
    met_on = Column(Date)


class Document(Base):
    """The state of a document of the file (medical exam, confirmation, ...)."""

    __tablename__ = "document"
    __table_args__ = CLUSTERED
    application_id = _application_key()
    code = Column(String(40), primary_key=True)
    status = Column(String(20), nullable=False)
    changed_on = Column(Date, nullable=False)


class Person(Base):
    """A person known to some file. Clients have a UCI, representatives a party ID.

    Everything that tells who they are is sealed in `details`; `uci_index` and `party_index` are
    the blind indexes (purposes "uci" and "party") by which they are found.
    """

    __tablename__ = "person"
    id = Column(BigId, primary_key=True, autoincrement=True)
    uci_index = Column(LargeBinary(INDEX_BYTES), unique=True)
    party_index = Column(LargeBinary(INDEX_BYTES), unique=True)
    details = Column(SealedJson("person.details"), nullable=False)
    language = Column(String(2), nullable=False)
    as_of = Column(UtcDateTime, nullable=False)

    @property
    def uci(self) -> str | None:
        return self.details["uci"]

    @property
    def party_id(self) -> str | None:
        return self.details["party_id"]

    @property
    def family_name(self) -> str:
        return self.details["family_name"]

    @property
    def given_names(self) -> str:
        return self.details["given_names"]

    @property
    def birth_date(self) -> date | None:
        return as_date(self.details["birth_date"])

    @property
    def birth_place(self) -> str | None:
        return self.details["birth_place"]

    @property
    def email(self) -> str | None:
        return self.details["email"]

    @property
    def phone(self) -> str | None:
        return self.details["phone"]


DETAILS = (
    "uci", "party_id", "family_name", "given_names", "birth_date", "birth_place", "email", "phone",
)  # fmt: skip


def person_columns(keys: Keys, details: dict[str, Any]) -> dict[str, Any]:
    """The columns of a person that hold `details`, a value (or None) for each name of DETAILS."""
    uci, party_id, birth_date = details["uci"], details["party_id"], details["birth_date"]
    return {
        "uci_index": keys.index("uci", uci) if uci else None,
        "party_index": keys.index("party", party_id) if party_id else None,
        "details": {
            **{name: details[name] for name in DETAILS},
            "birth_date": birth_date.isoformat() if birth_date else None,
        },
    }


def as_date(value: str | None) -> date | None:
    """A date as it is kept in sealed details."""
    return date.fromisoformat(value) if value else None


class Participant(Base):
    """The role of a person in an application.

    `lookup` is the blind index (purpose "lookup") of UCI or party ID and application number, by
    which the identity service finds the row (bot/identity/matching.py). `consent_on` is the day the
    sponsored person agreed in writing that this sponsor may see their part.
    """

    __tablename__ = "participant"
    __table_args__ = (
        Index("ix_participant_lookup", "lookup"),
        Index("ix_participant_person_id", "person_id"),
        CLUSTERED,
    )
    application_id = _application_key()
    person_id = Column(BigId, ForeignKey("person.id"), primary_key=True)
    role = Column(String(24), primary_key=True)
    lookup = Column(LargeBinary(INDEX_BYTES))
    consent_on = Column(Date)


class Mandate(Base):
    """A form by which somebody may act (IMM5476) or be told (IMM5475) for the applicant."""

    __tablename__ = "mandate"
    __table_args__ = CLUSTERED
    application_id = _application_key()
    person_id = Column(BigId, ForeignKey("person.id"), primary_key=True)
    form = Column(String(10), primary_key=True)
    scope = Column(String(24), nullable=False)
    signed_on = Column(Date, nullable=False)
    valid_until = Column(Date)
    cancelled_on = Column(Date)


class Landing(Base):
    """How far a person of an approved application is in confirming permanent residence."""

    __tablename__ = "landing"
    __table_args__ = CLUSTERED
    application_id = _application_key()
    person_id = Column(BigId, ForeignKey("person.id"), primary_key=True)
    stage = Column(String(20), nullable=False)
    changed_on = Column(Date, nullable=False)


class PublishedTime(Base):
    """A published processing time or service standard, as it stood on `as_of`.

    `kind` is processing_time | service_standard; `unit` is days | months; `sample` marks the
    example figures of the demo, which are shown as such.
    """

    __tablename__ = "published_time"
    __table_args__ = (UniqueConstraint("line", "stream", "kind", "as_of"),)
    id = Column(Integer, primary_key=True)
    line = Column(String(40), nullable=False)
    stream = Column(String(40), nullable=False, default="")
    kind = Column(String(20), nullable=False)
    value = Column(Integer, nullable=False)
    unit = Column(String(10), nullable=False)
    as_of = Column(Date, nullable=False)
    url_en = Column(String(300), nullable=False)
    url_fr = Column(String(300), nullable=False)
    sample = Column(Boolean, nullable=False, default=False)


class CaseImport(Base):
    """How far a file of cases has been read, so that a killed import goes on where it was.

    `file_key` is the file's size and SHA-256; `position` is the byte offset of the next line.
    """

    __tablename__ = "case_import"
    file_key = Column(String(90), primary_key=True)
    position = Column(BigInteger, nullable=False)
    lines = Column(Integer, nullable=False)
    added = Column(Integer, nullable=False)
    updated = Column(Integer, nullable=False)
    unchanged = Column(Integer, nullable=False)
    rejected = Column(Integer, nullable=False)
    finished_at = Column(UtcDateTime)
