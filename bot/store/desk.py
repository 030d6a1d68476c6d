"""The agents' desk: who works there, who waits, what was noted, and figures without people."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)

from bot.store.base import Base, UtcDateTime
from bot.store.cases import BigId
from bot.store.sealed import SealedJson, SealedText

# A hand-off that is not over: of these a conversation has one at most.
OPEN = ("requested", "queued", "active")
_OPEN = text("state IN ('requested', 'queued', 'active')")


class Agent(Base):
    """Somebody who works at the desk. `role` is agent | officer | supervisor | administrator;
    `name` is what applicants are told, `login` what is typed at the door. An agent who left has
    `ended_at` and keeps the row: notes and the audit trail name it."""

    __tablename__ = "agent"
    id = Column(BigId, primary_key=True, autoincrement=True)
    login = Column(String(120), nullable=False, unique=True)
    name = Column(String(60), nullable=False)
    role = Column(String(14), nullable=False)
    speaks_en = Column(Boolean, nullable=False)
    speaks_fr = Column(Boolean, nullable=False)
    # The language of the desk's own pages for this agent.
    language = Column(String(2), nullable=False)
    # How many conversations at once.
    capacity = Column(Integer, nullable=False, default=3)
    password_hash = Column(SealedText("agent.password_hash"))
    totp_secret = Column(SealedText("agent.totp_secret"))
    # The time step of the last code that was taken: a code works once.
    totp_step = Column(Integer)
    # What the organisation's provider, and which, calls them; null: they have a password.
    oidc_issuer = Column(String(255))
    oidc_subject = Column(String(255), unique=True)
    tries = Column(Integer, nullable=False, default=0)
    locked_until = Column(UtcDateTime)
    created_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)

    def speaks(self, language: str) -> bool:
        return bool(self.speaks_fr if language == "fr" else self.speaks_en)


class AgentSession(Base):
    """A browser at the desk. Until `proven_at` only the password was right."""

    __tablename__ = "agent_session"
    token_hash = Column(LargeBinary(32), primary_key=True)
    agent_id = Column(BigId, ForeignKey("agent.id"), nullable=False, index=True)
    created_at = Column(UtcDateTime, nullable=False)
    proven_at = Column(UtcDateTime)
    seen_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)


class SignInAttempt(Base):
    """A browser that was sent to the provider and is not back yet. `mark` is the hash of what its
    cookie holds. Removed when it comes back, so an answer of the provider counts once."""

    __tablename__ = "sign_in_attempt"
    mark = Column(LargeBinary(32), primary_key=True)
    created_at = Column(UtcDateTime, nullable=False)


class Presence(Base):
    """That an agent is there, as a lease: not renewed before `until`, the agent is gone.
    `state` is available | away (keeps their conversations, gets no new ones)."""

    __tablename__ = "presence"
    agent_id = Column(BigId, ForeignKey("agent.id"), primary_key=True)
    state = Column(String(9), nullable=False)
    since = Column(UtcDateTime, nullable=False)
    until = Column(UtcDateTime, nullable=False, index=True)


class Handoff(Base):
    """A conversation's way to a person and back (bot/handoff).

    `state` is requested (the desk is closed) -> queued -> active -> returned (to the bot) | closed.
    Every change raises `version`. `first_due_at` is when the first answer since it was queued is
    due, `next_due_at` a later one; null when none is. `answer_by` is how the person is told of an
    answer: page | email | sms; `left` is that they leave a message, of which `left_line` is the
    first line; `fetched_at` is when they read the answer in another conversation. `from_line` is
    the number of the last line at the claim, `to_line` at the end: what lies between was said
    while an agent had the conversation.
    """

    __tablename__ = "handoff"
    __table_args__ = (
        Index("ix_handoff_state", "state", "language", "urgent", "asked_at"),
        Index(
            "uq_handoff_open",
            "conversation_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )
    id = Column(BigId, primary_key=True, autoincrement=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False, index=True)
    state = Column(String(9), nullable=False)
    reason = Column(String(20), nullable=False)
    topic = Column(String(60))
    language = Column(String(2), nullable=False)
    channel = Column(String(10), nullable=False)
    urgent = Column(Boolean, nullable=False, default=False)
    tried = Column(SealedJson("handoff.tried"), nullable=False)
    agent_id = Column(BigId, ForeignKey("agent.id"), index=True)
    # Only this agent may claim it: it was transferred to them.
    meant_for = Column(BigId, ForeignKey("agent.id"))
    asked_at = Column(UtcDateTime, nullable=False)
    queued_at = Column(UtcDateTime)
    claimed_at = Column(UtcDateTime)
    answered_at = Column(UtcDateTime)
    ended_at = Column(UtcDateTime, index=True)
    # Since when the person waits for the agent's next answer; null when nothing is unanswered.
    wrote_at = Column(UtcDateTime)
    first_due_at = Column(UtcDateTime)
    next_due_at = Column(UtcDateTime)
    warned_at = Column(UtcDateTime)
    broken_at = Column(UtcDateTime)
    escalated_at = Column(UtcDateTime)
    answer_by = Column(String(5), nullable=False, default="page")
    left = Column(Boolean, nullable=False, default=False)
    left_line = Column(Integer)
    told_at = Column(UtcDateTime)
    fetched_at = Column(UtcDateTime)
    outcome = Column(String(20))
    from_line = Column(Integer)
    to_line = Column(Integer)
    # The last line that the agent's page has shown.
    seen_line = Column(Integer, nullable=False, default=0)
    agent_typing_at = Column(UtcDateTime)
    person_typing_at = Column(UtcDateTime)
    version = Column(Integer, nullable=False, default=1)


class HandoffNote(Base):
    """What is written for colleagues only, never shown to the applicant. `kind` is note | transfer
    | word (a supervisor's private word to the agent `to_agent_id`)."""

    __tablename__ = "handoff_note"
    id = Column(BigId, primary_key=True, autoincrement=True)
    handoff_id = Column(BigId, ForeignKey("handoff.id"), nullable=False, index=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False, index=True)
    agent_id = Column(BigId, ForeignKey("agent.id"), nullable=False)
    to_agent_id = Column(BigId, ForeignKey("agent.id"))
    kind = Column(String(8), nullable=False)
    text = Column(SealedText("handoff_note.text"), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    seen_at = Column(UtcDateTime)


class Alert(Base):
    """That an agent does something unusual (bot/desk/alerts.py), for the supervisors to look into.
    `kind` is many_files; `began_at` is when it was raised, `at` when `count` was last counted."""

    __tablename__ = "desk_alert"
    id = Column(BigId, primary_key=True, autoincrement=True)
    agent_id = Column(BigId, ForeignKey("agent.id"), nullable=False, index=True)
    kind = Column(String(20), nullable=False)
    count = Column(Integer, nullable=False)
    began_at = Column(UtcDateTime, nullable=False)
    at = Column(UtcDateTime, nullable=False, index=True)
    seen_at = Column(UtcDateTime)
    seen_by = Column(BigId, ForeignKey("agent.id"))


class CannedReply(Base):
    """A reply that agents insert; without one of the languages the database refuses it."""

    __tablename__ = "canned_reply"
    __table_args__ = (
        CheckConstraint("length(trim(en)) > 0 AND length(trim(fr)) > 0", name="both"),
    )
    id = Column(BigId, primary_key=True, autoincrement=True)
    name = Column(String(60), nullable=False, unique=True)
    topic = Column(String(60))
    en = Column(Text, nullable=False)
    fr = Column(Text, nullable=False)
    changed_by = Column(BigId, ForeignKey("agent.id"))
    changed_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)


class Rating(Base):
    """The one question at the end, asked once a conversation and hand-off; `score` is 1 to 5."""

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("conversation_id", "handoff_id"),)
    id = Column(BigId, primary_key=True, autoincrement=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False, index=True)
    handoff_id = Column(BigId, ForeignKey("handoff.id"))
    language = Column(String(2), nullable=False)
    channel = Column(String(10), nullable=False)
    score = Column(Integer)
    asked_at = Column(UtcDateTime, nullable=False)
    answered_at = Column(UtcDateTime)


class Remark(Base):
    """What the bot should have said, by somebody who read it. `kind` is intent (an example for
    data/nlu: `said` means `intent`) or answer (for data/answers: `should`)."""

    __tablename__ = "remark"
    id = Column(BigId, primary_key=True, autoincrement=True)
    conversation_id = Column(String(32), ForeignKey("conversation.id"), nullable=False, index=True)
    line = Column(Integer)
    agent_id = Column(BigId, ForeignKey("agent.id"), nullable=False)
    kind = Column(String(6), nullable=False)
    intent = Column(String(60), nullable=False)
    language = Column(String(2), nullable=False)
    said = Column(SealedText("remark.said"), nullable=False)
    should = Column(SealedText("remark.should"), nullable=False)
    created_at = Column(UtcDateTime, nullable=False, index=True)
    exported_at = Column(UtcDateTime)


class TurnFigure(Base):
    """One turn of the bot, without anything of a person: to be counted. It forgets its conversation
    when that is removed."""

    __tablename__ = "turn_figure"
    __table_args__ = (Index("ix_turn_figure_at", "at"),)
    id = Column(BigId, primary_key=True, autoincrement=True)
    conversation_id = Column(
        String(32), ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    at = Column(UtcDateTime, nullable=False)
    language = Column(String(2), nullable=False)
    channel = Column(String(10), nullable=False)
    intent = Column(String(60), nullable=False)
    understood = Column(Boolean, nullable=False)
    handed_off = Column(Boolean, nullable=False, default=False)
