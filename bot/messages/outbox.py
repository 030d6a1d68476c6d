"""Queue an e-mail in the caller's transaction."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from bot.clock import now
from bot.store import Outbound
from bot.texts import LANGUAGES, say

BETWEEN = "\n\n* * *\n\n"


def queue_mail(
    session: Any,
    *,
    to: str | None,
    language: str,
    template: str,
    person_id: int | None = None,
    useless_after: datetime | None = None,
    bilingual: bool = False,
    **values: str,
) -> str:
    """Write the e-mail `mail.<template>` for `to` and return its reference.

    Without an address the row is a decoy: the same work, never sent. A `bilingual` one says it in
    both languages, the person's first; its subject is English / French, as genuine ones are.
    """
    reference = secrets.token_hex(16)
    moment = now()
    subject_order = LANGUAGES if bilingual else (language,)
    order = sorted(subject_order, key=lambda each: each != language)
    session.add(
        Outbound(
            reference=reference,
            channel="email",
            person_id=person_id,
            recipient=to or "",
            language=language,
            subject=" / ".join(say(each, f"mail.{template}.subject") for each in subject_order),
            text=BETWEEN.join(say(each, f"mail.{template}.text", **values) for each in order),
            state="queued",
            due_at=moment,
            created_at=moment,
            useless_after=useless_after,
        )
    )
    return reference
