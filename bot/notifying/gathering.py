"""The news that are due become messages: one for a person and channel, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import distinct, func, select

from bot.clock import now
from bot.messages.outbox import Row, queue_mail, queue_sms, write_all
from bot.notices.topics import EMAIL, SMS
from bot.notifying.people import Reader, load
from bot.notifying.quiet import is_quiet, next_decent, quiet_from
from bot.notifying.wording import mail_items, sms_text
from bot.phones.finding import reachable
from bot.store import Contact, Database, News, Outbound

BATCH = 100
# An urgent text that could not leave within a day is told by e-mail instead.
USELESS = timedelta(days=1)
# Text messages leave one after the other. No more wait than leave in a few minutes, so that none
# of them leaves at night or tells what is long over; the rest stay news, and gather further.
BACKLOG = 200
PACE = timedelta(seconds=1)
EVENT = "notice."
# Between two batches others write: SQLite has one writer and lets nobody queue, but whoever waits
# looks again after a tenth of a second at the latest.
BREATH_SECONDS = 0.1


def gather(database: Database, url: str, batch: int = BATCH) -> int:
    """Make the messages that are due; how many people were told. `url` is the page's address."""
    told, passed = 0, 0
    while True:
        with database.write() as session:
            readers = load(session, _due(session, batch))
            if not readers:
                return told
            round_ = Round(session, url, passed)
            told += sum([round_.tell(reader) for reader in readers])
            round_.write()
            passed = round_.passed
        time.sleep(BREATH_SECONDS)


class Round:
    """One batch of people. `passed` counts those who wait for others' texts to leave."""

    def __init__(self, session: Any, url: str, passed: int = 0) -> None:
        self._session, self._url, self.passed = session, url, passed
        self._moment = now()
        self._room = BACKLOG - _texts_waiting(session)
        self._texts: list[Row] = []
        self._mails: list[Row] = []

    def tell(self, reader: Reader) -> bool:
        """Tell the person, or put it off; whether a message was made."""
        reader.drop_what_is_over()
        news = reader.news
        if is_quiet(self._moment, reader.zones):
            morning = next_decent(self._moment, reader.zones)
            _put_off([each for each in news if not each.urgent], morning)
            news = [each for each in news if each.urgent]
        if not news:
            return False
        phone = reachable(self._session, reader.id) if reader.wants(SMS, news) else None
        if phone is not None and self._room <= 0 and not any(each.urgent for each in news):
            self.passed += 1
            _put_off(news, self._moment + BACKLOG * PACE + self.passed * PACE)
            return False
        return self._queue(reader, news, phone)

    def write(self) -> None:
        """Write all messages of the round at once."""
        write_all(self._session, self._texts)
        write_all(self._session, self._mails)

    def _queue(self, reader: Reader, news: Sequence[Any], phone: Any) -> bool:
        event = f"{EVENT}{news[0].id}"
        texted = reader.wished(SMS, news) if phone is not None else []
        # Whoever wished texts and has no phone any more is not left without.
        mailed = [n for n in news if n not in texted and not n.details.get("mailed")]
        mailed += [n for n in reader.wished(EMAIL, texted) if not n.details.get("mailed")]
        if texted:
            self._room -= 1
            queue_sms(
                self._session, phone=phone, language=reader.language, person_id=reader.id,
                event=event, text=sms_text(reader.language, texted, self._page(reader)),
                useless_after=self._useless_after(reader), into=self._texts,
            )  # fmt: skip
        if mailed and reader.email:
            self._mail(reader, mailed, event)
        for each in news:
            each.state, each.told_as = "told", event
        return bool(texted or (mailed and reader.email))

    def _mail(self, reader: Reader, news: Sequence[Any], event: str) -> None:
        queue_mail(
            self._session, to=reader.email, language=reader.language, template="notice",
            person_id=reader.id, event=event, url=self._page(reader),
            items=mail_items(reader.language, sorted(news, key=lambda each: each.id)),
            into=self._mails,
        )  # fmt: skip

    def _useless_after(self, reader: Reader) -> datetime:
        """A text that is still queued in the evening is told by e-mail in the morning."""
        if is_quiet(self._moment, reader.zones):
            return self._moment + USELESS
        return quiet_from(self._moment, reader.zones)

    def _page(self, reader: Reader) -> str:
        return f"{self._url}/{reader.language}"


def _due(session: Any, limit: int) -> list[int]:
    """Whose news are due, locked: another sender takes others."""
    due = (
        select(distinct(News.person_id))
        .where(News.state == "new", News.due_at <= now())
        .scalar_subquery()
    )
    found = (
        select(Contact.person_id)
        .where(Contact.person_id.in_(due))
        .order_by(Contact.person_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(found))


def _texts_waiting(session: Any) -> int:
    waiting = (Outbound.channel == SMS, Outbound.state == "queued", Outbound.due_at <= now())
    return int(session.scalar(select(func.count()).select_from(Outbound).where(*waiting)))


def _put_off(news: Sequence[Any], until: datetime) -> None:
    for each in news:
        each.due_at = until
