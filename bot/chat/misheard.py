"""What was not understood is kept, without personal details, for the centre to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.clock import now
from bot.store import Misheard


def keep(session: Any, conversation_id: str, text: str, ranking: Sequence[dict[str, Any]]) -> None:
    """Keep `text` (as it is stored everywhere: its details were taken out before) with the
    meanings it may have had, likeliest first. Goes with its conversation (data/retention.yml)."""
    session.add(
        Misheard(
            conversation_id=conversation_id,
            text=text,
            ranking=[{"name": m["name"], "confidence": m.get("confidence")} for m in ranking],
            at=now(),
        )
    )
