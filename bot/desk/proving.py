"""Ask the person to prove who they are: the form for their details, put into the conversation. Its
way goes past the agent: neither details nor code are ever in the transcript."""

from __future__ import annotations

from typing import Any

from bot.agents.sessions import AgentView
from bot.audit import record
from bot.chat.conversations import add_line, conversation_channel, conversation_language
from bot.handoff.rows import mine
from bot.identity.sessions import verified_person
from bot.store import Agent
from bot.texts import say

# What the form's hints are about when the topic does not tell.
USUAL = "permanent_residence"


class NotByText(Exception):
    """By text message the service never asks for personal details."""


def ask_identity(session: Any, conversation_id: str, me: AgentView) -> bool:
    """Put the form there; False when the person has proved it already.

    Raises:
        NotYours
        NotByText
    """
    handoff = mine(session, conversation_id, session.get(Agent, me.id))
    if conversation_channel(session, conversation_id) != "web":
        raise NotByText
    if verified_person(session, conversation_id) is not None:
        return False
    language = conversation_language(session, conversation_id)
    body = {
        "text": say(language, "desk.talk.identity_line"),
        "lang": language,
        "card": {"kind": "identify", "product": USUAL},
    }
    add_line(session, conversation_id, "system", body)
    record(
        session,
        "desk.identity_asked",
        conversation_id=conversation_id,
        agent=me.actor,
        handoff=handoff.id,
    )
    return True
