"""Texts that did not arrive are told by e-mail instead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bot.clock import now
from bot.messages.outbox import queue_mail
from bot.notices.topics import EMAIL, SMS
from bot.notifying.gathering import EVENT
from bot.notifying.people import Reader, readers_of
from bot.notifying.quiet import next_decent
from bot.notifying.wording import mail_items
from bot.store import Database, News, Outbound

# undelivered: the provider's word; failed: given up, or too late; dropped: the phone was stopped.
LOST = ("undelivered", "failed", "dropped")
# How long back a text may turn out to be lost.
SINCE = timedelta(days=3)
BATCH = 200
INSTEAD = ".instead"


def fall_back(database: Database, url: str, batch: int = BATCH) -> int:
    """Write an e-mail in place of each notice that was lost as a text; how many texts were lost.
    Only what no e-mail has told yet, and once."""
    last, lost = 0, 0
    while True:
        with database.write() as session:
            rows = _lost(session, last, batch)
            for row in rows:
                _tell_instead(session, row, url)
            if len(rows) < batch:
                return lost + len(rows)
        last, lost = rows[-1].id, lost + len(rows)


def _lost(session: Any, after: int, limit: int) -> list[Any]:
    mail = aliased(Outbound)
    instead = select(mail.id).where(
        mail.person_id == Outbound.person_id,
        mail.channel == EMAIL,
        mail.event == Outbound.event + INSTEAD,
    )
    query = (
        select(Outbound.id, Outbound.person_id, Outbound.event)
        .where(
            Outbound.state.in_(LOST),
            Outbound.due_at > now() - SINCE,
            Outbound.channel == SMS,
            Outbound.event.startswith(EVENT),
            Outbound.id > after,
            ~instead.exists(),
        )
        .order_by(Outbound.id)
        .limit(limit)
    )
    return list(session.execute(query))


def _tell_instead(session: Any, lost: Any, url: str) -> None:
    news = session.scalars(
        select(News)
        .where(News.person_id == lost.person_id, News.told_as == lost.event)
        .order_by(News.id)
    ).all()
    reader = readers_of(session, [lost.person_id], news).get(lost.person_id)
    if reader is None or not reader.email:
        return
    untold = [each for each in news if _is_untold(session, reader, each, lost.event)]
    if untold:
        queue_mail(
            session, to=reader.email, language=reader.language, template="notice",
            person_id=reader.id, event=lost.event + INSTEAD, url=f"{url}/{reader.language}",
            items=mail_items(reader.language, untold),
            due_at=next_decent(now(), reader.zones),
        )  # fmt: skip


def _is_untold(session: Any, reader: Reader, news: Any, event: str) -> bool:
    """Still true and wished, and in no e-mail of landing nor in the one that went with the text."""
    wished = reader.wants(SMS, [news]) or reader.wants(EMAIL, [news])
    if not wished or news.id in reader.over or news.details.get("mailed"):
        return False
    if (news.topic, EMAIL) not in reader.wishes:
        return True
    beside = (Outbound.person_id == reader.id, Outbound.event == event, Outbound.channel == EMAIL)
    return session.scalar(select(Outbound.id).where(*beside)) is None
