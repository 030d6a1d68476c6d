"""How many text messages leave in 24 hours: to one number, and in all (knowledge: security, T19).

Whoever makes us text one number again and again, or very many numbers, costs money and bothers
people; beyond the budget an answer is not sent, and news waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.clock import now
from bot.messages.outbox import KEYWORD
from bot.messages.parts import parts, plain
from bot.settings import Settings
from bot.store import Outbound
from bot.texts import say

DAY = timedelta(hours=24)
# All that was sent is counted this often; what one sender sends meanwhile it counts itself.
COUNTED_EVERY = timedelta(minutes=1)
WHEN_ALL_IS_SPENT = timedelta(minutes=15)


@dataclass(frozen=True)
class Verdict:
    """`wait` until then, or `refused` for good, or neither: send `text`."""

    text: str = ""
    wait: datetime | None = None
    refused: bool = False


class Budgets:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._counted_at: datetime | None = None
        self._sent = 0

    def of(self, session: Any, message: Outbound) -> Verdict:
        """What is to become of a text message that is due."""
        if self._all(session) >= self._settings.sms_daily and message.event != KEYWORD:
            return Verdict(wait=now() + WHEN_ALL_IS_SPENT)
        daily = self._settings.sms_per_number_daily
        # Whoever asks to be left alone or for help is answered longer, but not for ever.
        limit = daily * (2 if message.event == KEYWORD else 1)
        count, oldest = _to_one(session, message)
        if count < limit:
            return Verdict(text=message.text)
        if message.rank > 0:
            return Verdict(wait=oldest + DAY)
        if count == limit and message.event is None:  # the last answer says so, once
            return Verdict(text=last_words(self._settings, message.language))
        return Verdict(refused=True)

    def sent(self) -> None:
        self._sent += 1

    def _all(self, session: Any) -> int:
        moment = now()
        if self._counted_at is None or moment - self._counted_at > COUNTED_EVERY:
            self._sent = session.scalar(_sent_since(moment - DAY))
            self._counted_at = moment
        return self._sent


def last_words(settings: Settings, language: str) -> str:
    """What the last answer of a day says in place of the answer; one part."""
    page = f"{settings.public_url}/{language}"
    text = plain(say(language, "sms_sending.budget", page=page))
    return text if parts(text).count == 1 else plain(say(language, "sms_sending.budget_short"))


def _sent_since(moment: datetime) -> Any:
    return select(func.count(Outbound.id)).where(
        Outbound.channel == "sms", Outbound.sent_at > moment
    )


def _to_one(session: Any, message: Outbound) -> tuple[int, datetime]:
    """(how many were sent to its phone in the last day, when the first of them was)"""
    since = now() - DAY
    count, oldest = session.execute(
        select(func.count(Outbound.id), func.min(Outbound.sent_at)).where(
            Outbound.phone_id == message.phone_id,
            Outbound.channel == "sms",
            Outbound.sent_at > since,
        )
    ).one()
    return int(count), oldest or now()
