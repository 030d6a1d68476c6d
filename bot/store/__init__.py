"""The store: tables, sessions, migrations. Imports nothing else of ours."""

from bot.store.audit import AuditEntry
from bot.store.base import Base
from bot.store.cases import (
    Application,
    CaseImport,
    Document,
    History,
    Landing,
    Mandate,
    Participant,
    Person,
    PublishedTime,
    Requirement,
    Section,
)
from bot.store.conversations import Choice, Conversation, Heartbeat, Inbox, Line, TrackerEvent
from bot.store.database import Database
from bot.store.identity import Challenge, WebSession
from bot.store.messages import DemoMail, Outbound

__all__ = [
    "Application", "AuditEntry", "Base", "CaseImport", "Challenge", "Choice", "Conversation",
    "Database", "DemoMail", "Document", "Heartbeat", "History", "Inbox", "Landing", "Line",
    "Mandate", "Outbound", "Participant", "Person", "PublishedTime", "Requirement", "Section",
    "TrackerEvent", "WebSession",
]  # fmt: skip
