"""Notices: what changed, whom it is told, over which channel, and what they wish to be told."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, UniqueConstraint

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId
from bot.store.sealed import SealedJson


class Contact(Base):
    """How a person wishes to be told of news: the language, the IANA time zone for quiet hours."""

    __tablename__ = "contact"
    person_id = Column(BigId, ForeignKey("person.id"), primary_key=True)
    language = Column(String(2), nullable=False)
    zone = Column(String(32))
    changed_at = Column(UtcDateTime, nullable=False)


class Preference(Base):
    """One choice of a person: told of `topic` over `channel` (sms | email), or not."""

    __tablename__ = "preference"
    person_id = Column(BigId, ForeignKey("person.id"), primary_key=True)
    topic = Column(String(20), primary_key=True)
    channel = Column(String(10), primary_key=True)
    wanted = Column(Boolean, nullable=False)
    changed_at = Column(UtcDateTime, nullable=False)


class News(Base):
    """Something to tell one person, written in the transaction of the change that causes it.

    `event` names it, so that it is told once: unique for a person. Those of one person that are
    `new` when the first one's `due_at` has come become one message, whose event `told_as` then
    names (outbound.event). `state` is new | told | dropped; `details` has what the words need (a
    due date), never identifiers.
    """

    __tablename__ = "news"
    __table_args__ = (
        UniqueConstraint("person_id", "event"),
        Index("ix_news_state", "state", "due_at"),
        Index("ix_news_told_as", "person_id", "told_as"),
    )
    id = Column(BigId, primary_key=True, autoincrement=True)
    person_id = Column(BigId, ForeignKey("person.id"), nullable=False)
    application_id = Column(BigId, ForeignKey("application.id", ondelete="CASCADE"))
    topic = Column(String(20), nullable=False)
    event = Column(String(80), nullable=False)
    urgent = Column(Boolean, nullable=False, default=False)
    details = Column(SealedJson("news.details"), nullable=False)
    state = Column(String(8), nullable=False, default="new")
    told_as = Column(String(80))
    due_at = Column(UtcDateTime, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
