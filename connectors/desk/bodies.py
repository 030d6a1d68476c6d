"""The shapes of what the desk's pages post."""

from __future__ import annotations

from typing import Any

from bot.desk.file_panel import REASONS
from bot.handoff import OUTCOMES
from bot.handoff.speaking import LONGEST

_ID = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"}
_NUMBER = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST * 2}


def _object(**fields: Any) -> dict[str, Any]:
    """An object with exactly these fields."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


SCHEMAS = {
    "Nothing": _object(),
    "Say": _object(client_id=_ID, text=_TEXT),
    "Note": _object(text=_TEXT),
    "Transfer": _object(text=_TEXT, to={"type": "string", "maxLength": 120}),
    "Reassign": _object(to={"type": "string", "maxLength": 120}),
    "Close": _object(outcome={"enum": list(OUTCOMES)}),
    "File": _object(id={"type": "integer"}, reason={"enum": list(REASONS)}),
    "Seen": _object(line=_NUMBER, word=_NUMBER),
    "Presence": _object(state={"enum": ["available", "away"]}),
}
