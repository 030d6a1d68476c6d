"""Finds in a message the words of data/terms.yml (products, sections, status terms, languages) and,
by their form, identifiers, codes, postal codes and dates."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.once import reading_of
from bot.privacy.dates import full_dates
from bot.store.normal import fold
from bot.understanding.reading import Reading
from bot.yaml_files import read_yaml

TERMS = Path(__file__).parents[2] / "data" / "terms.yml"
# Kinds of bot/privacy/details.py under which a detail is told. A birth date is a date.
DETAILS = ("uci", "application_number", "code", "postal_code", "phone", "email", "birth_date")
_TOKEN = re.compile(r"⟦(\w+)⟧")


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[re.Pattern[str], dict[str, str]]]:
    """For each entity: a pattern of all its words, longest first, and the code of each word."""
    found = {}
    for entity, codes in read_yaml(TERMS).items():
        words = {fold(str(word)): code for code, list_ in codes.items() for word in list_}
        longest_first = sorted(words, key=len, reverse=True)
        pattern = r"(?<!\w)(?:" + "|".join(re.escape(w) for w in longest_first) + r")(?!\w)"
        found[entity] = (re.compile(pattern), words)
    return found


def find_terms(plain: str) -> list[dict[str, Any]]:
    """Rasa entities for the words in a folded text; the value is the code of data/terms.yml."""
    return [
        _entity(entity, match.start(), match.end(), codes[match.group()])
        for entity, (pattern, codes) in _patterns().items()
        for match in pattern.finditer(plain)
    ]


def find_details(reading: Reading, plain: str) -> list[dict[str, Any]]:
    """Rasa entities for the details of a message, told apart by their checks (a telephone number
    from a UCI). In the service they were taken out before: the value is then the token itself."""
    text = reading.typed
    found = [(match[1], *match.span()) for match in _TOKEN.finditer(text)]
    found += [(detail.kind, detail.start, detail.end) for detail in reading.hidden.found]
    details = {(start, end): kind for kind, start, end in found if kind in DETAILS}
    dates = [place for place in full_dates(plain) if place not in details]
    named = [(kind, *place) for place, kind in details.items()]
    return [
        _entity("date" if kind == "birth_date" else kind, start, end, text[start:end])
        for kind, start, end in [*named, *(("date", *place) for place in dates)]
    ]


def _entity(name: str, start: int, end: int, value: str) -> dict[str, Any]:
    return {"entity": name, "start": start, "end": end, "value": value,
            "extractor": "TermExtractor"}  # fmt: skip


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TermExtractor(GraphComponent):
    """The component named in config.yml."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TermExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            _find(message, reading_of(message))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for message in training_data.training_examples:
            # Kept with no message here: Rasa takes fingerprints of all that a message holds.
            _find(message, Reading(message.get(TEXT) or ""))
        return training_data


def _find(message: Message, reading: Reading) -> None:
    plain = fold(reading.typed)
    found = find_terms(plain) + find_details(reading, plain)
    message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
