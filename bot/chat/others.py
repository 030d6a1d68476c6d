"""Which other one: what else had been offered when the person chose."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.store import Choice, Line

# Further back nobody remembers what was offered.
LOOK_BACK = 6
# They lead away from what was offered.
NO_ALTERNATIVE = ("ask_help", "request_agent", "ask_other_program", "log_out")


def others_offered(session: Any, conversation_id: str) -> list[Choice]:
    """What stood beside the button that was pressed last, of the same kind as it: two products,
    two cases, two meanings. Empty when no button was pressed lately."""
    lines = session.scalars(
        select(Line.body)
        .where(Line.conversation_id == conversation_id, Line.author == "bot")
        .order_by(Line.number.desc())
        .limit(LOOK_BACK)
    )
    for body in lines:
        offered = _choices(session, body)
        if any(choice.used_at for choice in offered):
            return [c for c in offered if not c.used_at and c.intent not in NO_ALTERNATIVE]
    return []


def _choices(session: Any, body: dict[str, Any]) -> list[Choice]:
    ids = [choice["id"] for choice in body.get("choices", [])]
    found = {c.id: c for c in session.scalars(select(Choice).where(Choice.id.in_(ids)))}
    return [found[id_] for id_ in ids if id_ in found]
