"""The intent classifier and the language identifier, as components of config.yml.

The models are bot/understanding; here they meet Rasa: trained by `rasa train` on its training data,
kept in its model without pickle, their outcome said in Rasa's own words.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    METADATA,
    METADATA_INTENT,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.once import reading_of
from bot.understanding.intents import IntentModel, Meaning
from bot.understanding.languages import LanguageModel
from bot.understanding.reading import Reading

LANGUAGE = "language"


class NoLanguage(Exception):
    """A block of data/nlu does not say which language its examples are in."""


class _Learned(GraphComponent):
    """What both components do alike: keep a model in Rasa's storage and bring it back."""

    model_class: Any = None

    def __init__(self, storage: ModelStorage, resource: Resource, seed: int, model: Any) -> None:
        self._storage, self._resource, self._seed = storage, resource, seed
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"seed": 7}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> _Learned:
        return cls(model_storage, resource, config["seed"], None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> _Learned:
        with model_storage.read_from(resource) as folder:
            model = cls.model_class.load(folder)
        return cls(model_storage, resource, config["seed"], model)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        labels = [self._label(example) for example in examples]
        with self._storage.write_to(self._resource) as folder:
            self._model = self.model_class.train(texts, labels, folder, self._seed)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                self._read(message, reading_of(message))
        return messages

    def _label(self, example: Message) -> str:
        raise NotImplementedError

    def _read(self, message: Message, reading: Reading) -> None:
        raise NotImplementedError


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CascadeIntentClassifier(_Learned):
    """Sets `intent` and `intent_ranking`; below certainty `nlu_fallback` stands before the ranking,
    as Rasa's own FallbackClassifier puts it there."""

    model_class = IntentModel

    def _label(self, example: Message) -> str:
        return str(example.get(INTENT))

    def _read(self, message: Message, reading: Reading) -> None:
        ranking = _ranking(self._model.meaning(reading))
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageIdentifier(_Learned):
    """Sets `language`: {name: en | fr | other, confidence}. A block of data/nlu says its language
    as `metadata: {language: en}`."""

    model_class = LanguageModel

    def _label(self, example: Message) -> str:
        metadata = (example.get(METADATA) or {}).get(METADATA_INTENT) or {}
        if LANGUAGE not in metadata:
            raise NoLanguage(f"the block of {example.get(INTENT)} lacks metadata: {{language: ..}}")
        return str(metadata[LANGUAGE])

    def _read(self, message: Message, reading: Reading) -> None:
        name, confidence = self._model.language(reading)
        found = {"name": name, PREDICTED_CONFIDENCE_KEY: confidence}
        message.set(LANGUAGE, found, add_to_output=True)


def _ranking(meaning: Meaning) -> list[dict[str, Any]]:
    ranking = [_entry(name, share) for name, share in meaning.ranking]
    if not meaning.sure:
        unsure = 1.0 - meaning.ranking[0][1]
        ranking.insert(0, _entry(DEFAULT_NLU_FALLBACK_INTENT_NAME, unsure))
    return ranking


def _entry(name: str, confidence: float) -> dict[str, Any]:
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
