"""A person takes over: asking, waiting, claiming, speaking, returning, as rows and never as Rasa's
pause (knowledge: rasa-3.6, B7)."""

from bot.handoff.asking import REASONS, leave_message, owner, request, withdraw
from bot.handoff.claiming import OUTCOMES, claim, close, give_back, reassign, transfer
from bot.handoff.presence import needs_renewal, present, renew, renew_all, sign_off
from bot.handoff.queueing import VIEWS, Row
from bot.handoff.rows import NotYours, open_one
from bot.handoff.speaking import NothingSaid, note, notes, read_words, speak, unread_words, word
from bot.handoff.standing import (
    Standing,
    agent_types,
    is_typing,
    person_types,
    seen,
    standings,
)
from bot.handoff.targets import due_at
from bot.handoff.ticking import tick
from bot.handoff.waiting import Outlook, Queue

__all__ = [
    "OUTCOMES", "REASONS", "VIEWS", "NotYours", "NothingSaid", "Outlook", "Queue", "Row",
    "Standing",
    "agent_types", "claim", "close", "due_at", "give_back", "is_typing", "leave_message",
    "needs_renewal", "note", "notes", "open_one", "owner", "person_types", "present", "read_words",
    "reassign",
    "renew", "renew_all", "request", "seen", "sign_off", "speak", "standings", "tick", "transfer",
    "unread_words", "withdraw", "word",
]  # fmt: skip
