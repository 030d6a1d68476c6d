"""What our components share of one message, so that none does again what another did."""

from __future__ import annotations

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.reading import Reading

_KEY = "passage_reading"


def reading_of(message: Message) -> Reading:
    """The reading of the text of `message`. It stays with the message and is no part of Rasa's
    outcome."""
    text = message.get(TEXT) or ""
    reading = message.get(_KEY)
    if not isinstance(reading, Reading) or reading.typed != text:
        reading = Reading(text)
        message.set(_KEY, reading)
    return reading
