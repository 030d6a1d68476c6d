"""The store: tables, sessions, migrations. Imports nothing else of ours."""

from bot.store.audit import AuditEntry, AuditHead
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
from bot.store.conversations import (
    Choice,
    Conversation,
    Heartbeat,
    Inbox,
    Line,
    Misheard,
    TrackerEvent,
)
from bot.store.database import Database
from bot.store.desk import (
    Agent,
    AgentSession,
    Alert,
    CannedReply,
    Handoff,
    HandoffNote,
    Presence,
    Rating,
    Remark,
    SignInAttempt,
    TurnFigure,
)
from bot.store.identity import Challenge, Kept, Lock, Profile, Tally, WebSession
from bot.store.keys import Keys, keys_of
from bot.store.landing import (
    AddressChange,
    Confirmation,
    LandingMove,
    LandingPapers,
    Photo,
    PostalAddress,
    UploadLink,
)
from bot.store.messages import DemoMail, Outbound
from bot.store.notices import Contact, News, Preference
from bot.store.phones import Phone, PhoneLink, SmsReceived, SmsStatus

__all__ = [
    "AddressChange", "Agent", "AgentSession", "Alert", "Application", "AuditEntry", "AuditHead",
    "Base", "CannedReply", "CaseImport", "Challenge", "Choice", "Confirmation", "Contact",
    "Conversation", "Database", "DemoMail", "Document", "Handoff", "HandoffNote", "Heartbeat",
    "History", "Inbox", "Kept", "Keys", "Landing", "LandingMove", "LandingPapers", "Line", "Lock",
    "Mandate", "Misheard", "News", "Outbound", "Participant", "Person", "Phone", "PhoneLink",
    "Photo", "PostalAddress", "Preference", "Presence", "Profile", "PublishedTime", "Rating",
    "Remark", "Requirement", "Section", "SignInAttempt", "SmsReceived", "SmsStatus", "Tally",
    "TrackerEvent", "TurnFigure", "UploadLink", "WebSession", "keys_of",
]  # fmt: skip
