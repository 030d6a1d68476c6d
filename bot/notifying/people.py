"""The people whose news are due, with all that telling them takes, read for many at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bot.notices.topics import ACTS, EMAIL, REQUEST, SMS
from bot.rights.bulk import RightsOnMany
from bot.store import Contact, News, Person, PostalAddress, Preference, Requirement
from bot.zones import zones_for

Wished = set[tuple[str, str]]  # (topic, channel)


@dataclass
class Reader:
    """Somebody with news, oldest first; `over` are those of them that are true no more."""

    id: int
    language: str
    email: str | None
    zones: tuple[str, ...]
    wishes: Wished = field(default_factory=set)
    news: list[Any] = field(default_factory=list)
    over: set[int] = field(default_factory=set)

    def wished(self, channel: str, news: Sequence[Any]) -> list[Any]:
        return [each for each in news if (each.topic, channel) in self.wishes]

    def wants(self, channel: str, news: Sequence[Any]) -> bool:
        return bool(self.wished(channel, news))

    def drop_what_is_over(self) -> None:
        """Rights that ended, wishes that changed, requests that were met: nothing to tell."""
        for each in self.news:
            unwished = not any((each.topic, channel) in self.wishes for channel in (EMAIL, SMS))
            if each.id in self.over or unwished:
                each.state = "dropped"
        self.news = [each for each in self.news if each.state == "new"]


def load(session: Any, person_ids: Sequence[int]) -> list[Reader]:
    """A reader for each of these people, in their order, with all news that are not told yet."""
    if not person_ids:
        return []
    news = _news(session, News.person_id.in_(person_ids), News.state == "new")
    readers = readers_of(session, person_ids, news)
    return [readers[number] for number in person_ids]


def readers_of(session: Any, person_ids: Collection[int], news: Sequence[Any]) -> dict[int, Reader]:
    """The same with these news."""
    addresses = dict(
        session.execute(
            select(PostalAddress.person_id, PostalAddress.value).where(
                PostalAddress.person_id.in_(person_ids)
            )
        ).all()
    )
    rows = session.execute(
        select(Contact.person_id, Contact.language, Contact.zone, Person.details)
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.person_id.in_(person_ids))
    )
    readers = {}
    for number, language, zone, details in rows:
        zones = zones_for(zone, addresses.get(number), details["phone"])
        readers[number] = Reader(number, language, details["email"], zones)
    _add_wishes(session, readers)
    over = _over(session, news)
    for each in news:
        if each.person_id in readers:
            readers[each.person_id].news.append(each)
            readers[each.person_id].over |= {each.id} & over
    return readers


def _news(session: Any, *conditions: Any) -> list[Any]:
    return list(session.scalars(select(News).where(*conditions).order_by(News.id)))


def _add_wishes(session: Any, readers: dict[int, Reader]) -> None:
    rows = session.execute(
        select(Preference.person_id, Preference.topic, Preference.channel).where(
            Preference.person_id.in_(list(readers)), Preference.wanted
        )
    )
    for number, topic, channel in rows:
        readers[number].wishes.add((topic, channel))


def _over(session: Any, news: Sequence[Any]) -> set[int]:
    """Which of them may not be told any more, or are not true any more."""
    rights = RightsOnMany(session, {each.application_id for each in news})
    open_ = _open_requests(session, news)
    return {
        each.id
        for each in news
        if not rights.may(
            each.person_id, ACTS[each.topic], each.details.get("about"), each.application_id
        )
        or (_request(each) is not None and _request(each) not in open_)
    }


def _open_requests(session: Any, news: Sequence[Any]) -> set[tuple[Any, ...]]:
    asked = [request for each in news if (request := _request(each)) is not None]
    if not asked:
        return set()
    rows = session.execute(
        select(Requirement.application_id, Requirement.person_id, Requirement.code).where(
            Requirement.application_id.in_({request[0] for request in asked}),
            Requirement.met_on.is_(None),
        )
    )
    return {tuple(row) for row in rows}


def _request(news: Any) -> tuple[int, int, str] | None:
    """(application, whom it is asked of, code) of news about a request."""
    code = news.details.get("code")
    if news.topic != REQUEST or code is None:
        return None
    return news.application_id, news.details["about"], code
