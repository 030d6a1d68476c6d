"""The words of a notice: coarse ones, the same whatever the case behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot.messages.parts import parts, plain
from bot.notices.topics import REQUEST, TOPICS
from bot.texts import say
from bot.texts.dates import long_date

MOST_PARTS = 2


def kind_of(news: Any) -> str:
    """Which sentence tells of it: its topic, or for a request with a date one that has it."""
    if news.topic != REQUEST or not news.details.get("due_on"):
        return str(news.topic)
    return "reminder" if news.details.get("reminder") else "request_due"


def sms_text(language: str, news: Sequence[Any], url: str) -> str:
    """The text message for these news, at most MOST_PARTS long; dates as 2026-12-13, which needs
    no letter that doubles the price."""
    told = [
        say(language, f"notice.sms.item.{kind}", **_date(due and due.isoformat()))
        for kind, due in _kinds(news)
    ]
    text = plain(say(language, "notice.sms.text", items=" ".join(told), url=url))
    if parts(text).count <= MOST_PARTS:
        return text
    return plain(say(language, "notice.sms.text", items=_many(language, news), url=url))


def mail_items(language: str, news: Sequence[Any]) -> str:
    """The sentences of the e-mail, one to a line."""
    return "\n".join(
        say(
            language, f"notice.mail.item.{kind}", **_date(long_date(language, due) if due else None)
        )
        for kind, due in _kinds(news)
    )


def _kinds(news: Iterable[Any]) -> list[tuple[str, date | None]]:
    """Each kind once, in the order of the topics, with its first date."""
    found: dict[str, date | None] = {}
    for each in sorted(news, key=lambda n: TOPICS.index(n.topic)):
        kind, due = kind_of(each), _due(each)
        known = found.get(kind)
        found[kind] = min(filter(None, (known, due)), default=None)
    return list(found.items())


def _many(language: str, news: Iterable[Any]) -> str:
    due = min(filter(None, map(_due, news)), default=None)
    if due is None:
        return say(language, "notice.sms.many")
    return say(language, "notice.sms.many_due", date=due.isoformat())


def _due(news: Any) -> date | None:
    value = news.details.get("due_on")
    return date.fromisoformat(value) if value else None


def _date(words: Any) -> dict[str, str]:
    return {"date": words} if words else {}
