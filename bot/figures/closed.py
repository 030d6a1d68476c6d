"""Closed sets of words. Whatever a column holds, a figure is named by one of these or `other`: so
no label can ever carry what somebody typed (knowledge: security, F21)."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from bot.handoff import OUTCOMES, REASONS
from bot.handoff.asking import NO_TOPIC
from bot.texts import LANGUAGES, catalogue

OTHER = "other"
CHANNELS = ("web", "sms")
STATES = ("requested", "queued", "active", "returned", "closed")
# Beside an agent's outcomes: how those end that no agent ended.
ENDINGS = (*OUTCOMES, "withdrawn", "abandoned", "returned")
ALERTS = ("many_files",)
SCORES = (1, 2, 3, 4, 5)


@lru_cache(maxsize=1)
def subjects() -> frozenset[str]:
    """The intents that are about something (bot/texts/intents.yml has a name for each)."""
    named = {key.removeprefix("intents.") for key in catalogue() if key.startswith("intents.")}
    return frozenset(named - NO_TOPIC)


def closed(value: str | None, words: Collection[str]) -> str:
    return value if value is not None and value in words else OTHER


def language_of(value: str | None) -> str:
    return closed(value, LANGUAGES)


def channel_of(value: str | None) -> str:
    return closed(value, CHANNELS)


def reason_of(value: str | None) -> str:
    return closed(value, REASONS)


def subject_of(value: str | None) -> str:
    return closed(value, subjects())
