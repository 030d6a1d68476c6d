"""Queue an e-mail in the caller's transaction."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from bot.clock import now
from bot.store import Outbound
from bot.texts import say


def queue_mail(
    session: Any,
    *,
    to: str | None,
    language: str,
    template: str,
    person_id: int | None = None,
    useless_after: datetime | None = None,
    **values: str,
) -> str:
    """Write the e-mail `mail.<template>` for `to` and return its reference.

    Without an address the row is a decoy: the same work, never sent.
    """
    reference = secrets.token_hex(16)
    moment = now()
    session.add(
        Outbound(
            reference=reference,
            channel="email",
            person_id=person_id,
            recipient=to or "",
            language=language,
            subject=say(language, f"mail.{template}.subject"),
            text=say(language, f"mail.{template}.text", **values),
            state="queued",
            due_at=moment,
            created_at=moment,
            useless_after=useless_after,
        )
    )
    return reference
