"""What somebody is told of, in words and as the form to choose it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bot.chat.reply import Reply
from bot.notices.topics import CHANNELS, EMAIL, SMS, TOPICS
from bot.notices.wishes import Wishes
from bot.texts import say

CARD = "notices"


def notices_answer(
    wishes: Wishes, channels: Collection[str], language: str, begin: str = "as_is"
) -> Reply:
    """The wishes of somebody whom `channels` reach; `begin` is a key of notice.chat."""
    parts = [say(language, f"notice.chat.{begin}")]
    parts += [
        say(language, f"notice.chat.by_{channel}", topics=_topics(wishes, channel, language))
        for channel in CHANNELS
        if any(wanted == channel for _, wanted in wishes.wanted)
    ]
    if not wishes.wanted:
        parts.append(say(language, "notice.chat.nothing"))
    parts += [
        say(language, f"notice.chat.no_{channel}")
        for channel in CHANNELS
        if channel not in channels
    ]
    parts.append(say(language, "notice.chat.always"))
    return Reply("\n\n".join(parts), card=notices_card(wishes, channels))


def notices_card(wishes: Wishes, channels: Collection[str]) -> dict[str, Any]:
    """The form: what is wanted as topic.channel, the channels that reach the person, the zone."""
    wanted = [f"{topic}.{channel}" for topic, channel in sorted(wishes.wanted)]
    order = [channel for channel in CHANNELS if channel in channels]
    return {"kind": CARD, "wanted": wanted, "channels": order, "zone": wishes.zone or ""}


def channels_of(email: str | None, phone: Any) -> tuple[str, ...]:
    """Over what somebody is reached: the e-mail address on file, the phone that is theirs."""
    return (*((EMAIL,) if email else ()), *((SMS,) if phone is not None else ()))


def _topics(wishes: Wishes, channel: str, language: str) -> str:
    return ", ".join(
        say(language, f"notice.topic.{topic}")
        for topic in TOPICS
        if (topic, channel) in wishes.wanted
    )
