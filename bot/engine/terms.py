"""Finds the words of data/terms.yml in a message: products, sections, status terms, languages."""

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

from bot.store.normal import fold
from bot.yaml_files import read_yaml

TERMS = Path(__file__).parents[2] / "data" / "terms.yml"


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


def find_terms(text: str) -> list[dict[str, Any]]:
    """Rasa entities for the words in `text`; the value is the code of data/terms.yml."""
    folded = fold(text)
    return [
        {
            "entity": entity,
            "start": match.start(),
            "end": match.end(),
            "value": codes[match.group()],
            "extractor": "TermExtractor",
        }
        for entity, (pattern, codes) in _patterns().items()
        for match in pattern.finditer(folded)
    ]


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
            found = find_terms(message.get(TEXT) or "")
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
