"""What a person wishes to be told of: topics by channel, the language, the time zone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update

from bot import audit
from bot.clock import now
from bot.notices.topics import CHANNELS, TOPICS
from bot.store import Contact, News, Preference
from bot.store.upsert import upsert

Choices = frozenset[tuple[str, str]]  # (topic, channel)
# The zones that people choose from; without a choice it is found out (bot/zones.py).
ZONES = (
    "America/St_Johns", "America/Halifax", "America/Toronto", "America/Winnipeg",
    "America/Regina", "America/Edmonton", "America/Vancouver",
)  # fmt: skip


@dataclass(frozen=True)
class Wishes:
    """`language` is en | fr; `zone` an IANA zone of ZONES, or None: found out by us."""

    language: str
    zone: str | None = None
    wanted: Choices = field(default_factory=frozenset)


def wishes_of(session: Any, person_id: int) -> Wishes | None:
    """What the person wishes; None when they never said."""
    contact = session.execute(
        select(Contact.language, Contact.zone).where(Contact.person_id == person_id)
    ).first()
    if contact is None:
        return None
    rows = session.execute(
        select(Preference.topic, Preference.channel).where(
            Preference.person_id == person_id, Preference.wanted
        )
    )
    return Wishes(contact.language, contact.zone, frozenset(map(tuple, rows)))


def choose(
    session: Any, person_id: int, wishes: Wishes, conversation_id: str | None = None
) -> None:
    """Keep these wishes in place of what was; news that are no longer wished are not told.

    Raises:
        ValueError: a topic, a channel or a zone that there is not.
    """
    if wishes.zone not in (None, *ZONES) or any(
        topic not in TOPICS or channel not in CHANNELS for topic, channel in wishes.wanted
    ):
        raise ValueError("no such topic, channel or zone")
    moment = now()
    contact = {"language": wishes.language, "zone": wishes.zone, "changed_at": moment}
    session.execute(
        upsert(session, Contact)
        .values(person_id=person_id, **contact)
        .on_conflict_do_update(index_elements=(Contact.person_id,), set_=contact)
    )
    session.execute(delete(Preference).where(Preference.person_id == person_id))
    session.add_all(
        Preference(
            person_id=person_id, topic=topic, channel=channel,
            wanted=(topic, channel) in wishes.wanted, changed_at=moment,
        )
        for topic in TOPICS
        for channel in CHANNELS
    )  # fmt: skip
    _drop(session, person_id, {topic for topic, _ in wishes.wanted})
    audit.record(
        session,
        "notices.chosen",
        person_id=person_id,
        conversation_id=conversation_id,
        wanted=sorted(f"{topic}.{channel}" for topic, channel in wishes.wanted),
    )
    session.flush()


def subscribe(
    session: Any,
    person_id: int,
    language: str,
    channels: Collection[str],
    conversation_id: str | None = None,
) -> Wishes:
    """Every topic over these channels besides what is wished already; what is wished after it."""
    before = wishes_of(session, person_id)
    added = frozenset((topic, channel) for topic in TOPICS for channel in channels)
    after = Wishes(
        language, before.zone if before else None, added | (before.wanted if before else added)
    )
    if after != before:
        choose(session, person_id, after, conversation_id)
    return after


def unsubscribe(
    session: Any,
    person_id: int,
    language: str,
    channels: Collection[str] = CHANNELS,
    conversation_id: str | None = None,
) -> None:
    """Nothing more over these channels; what landing itself sends is no notice."""
    before = wishes_of(session, person_id)
    if before is None:
        return
    left = frozenset(choice for choice in before.wanted if choice[1] not in channels)
    choose(session, person_id, Wishes(language, before.zone, left), conversation_id)


def _drop(session: Any, person_id: int, topics: Collection[str]) -> None:
    session.execute(
        update(News)
        .where(News.person_id == person_id, News.state == "new", News.topic.not_in(topics))
        .values(state="dropped")
        .execution_options(synchronize_session=False)
    )
