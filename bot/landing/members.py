"""Names for the members of a family that a page may carry: good in one conversation only."""

from __future__ import annotations

from typing import Any

from bot.identity.profiles import children_of
from bot.store import keys_of


def member_ref(session: Any, conversation_id: str, person_id: int) -> str:
    """What the page calls this person in this conversation."""
    return keys_of(session).index("member", conversation_id, str(person_id)).hex()


def member_of(session: Any, conversation_id: str, viewer_id: int, ref: str) -> int | None:
    """Whom `ref` names: the viewer or a child they act for; None for anybody else."""
    known = (viewer_id, *children_of(session, viewer_id))
    refs = {member_ref(session, conversation_id, person): person for person in known}
    return refs.get(ref)
