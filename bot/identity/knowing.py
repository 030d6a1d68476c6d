"""Who somebody in a conversation is known to be, on the page or by text message.

The two are not the same: who signed in on the page may see and do everything that is theirs; the
owner of a phone is told coarse words only (knowledge: design, decision 7).
"""

from __future__ import annotations

from typing import Any

from bot.identity.sessions import verified_person
from bot.phones.finding import owner_of


def known_person(session: Any, conversation_id: str) -> int | None:
    """Whoever signed in in this conversation, or whose phone it is that writes in it."""
    person_id = verified_person(session, conversation_id)
    return owner_of(session, conversation_id) if person_id is None else person_id
