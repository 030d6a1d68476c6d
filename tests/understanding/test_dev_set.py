"""The trained model on the development set: floors below which a change must not fall."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model import check_model
from bot.settings import model_dir
from bot.understanding.intents import IntentModel
from bot.understanding.languages import LanguageModel
from bot.understanding.reading import Reading
from tests.understanding import figures
from tests.understanding.lines import UNSURE, Heard, dev_lines

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Heard]]:
    """What the models inside the archive say, read without Rasa."""
    folder: Path = tmp_path_factory.mktemp("model")
    with tarfile.open(check_model(model_dir())) as archive:
        archive.extractall(folder)
    parts = {path.name.split("_")[1].split(".")[0]: path for path in folder.glob("components/*")}
    intents = IntentModel.load(_only(parts, "CascadeIntentClassifier", folder))
    languages = LanguageModel.load(_only(parts, "LanguageIdentifier", folder))
    yield [_hear(line, intents, languages) for line in dev_lines()]


def _only(parts: dict[str, Path], name: str, folder: Path) -> Path:
    (found,) = [path for path in folder.rglob(f"train_*{name}*") if path.is_dir()]
    return found


def _hear(line: object, intents: IntentModel, languages: LanguageModel) -> Heard:
    meaning = intents.meaning(Reading(line.text))  # type: ignore[attr-defined]
    best, sure = meaning.ranking[0]
    language, _ = languages.language(Reading(line.text))  # type: ignore[attr-defined]
    return Heard(line, best if meaning.sure else UNSURE, best, sure, language, 0.0)  # type: ignore[arg-type]


def test_each_language_is_understood_and_neither_much_better(said: list[Heard]) -> None:
    parts = figures.parts(said)
    english, french = figures.accuracy(parts["en"]), figures.accuracy(parts["fr"])
    assert min(english, french) >= 0.95
    assert abs(english - french) <= 0.015


@pytest.mark.parametrize("style", ["sms", "typo", "second_language", "slang", "long"])
def test_each_way_of_writing_is_understood(style: str, said: list[Heard]) -> None:
    assert figures.accuracy(figures.parts(said)[style]) >= 0.90


def test_what_is_out_of_scope_is_seen_and_little_else_refused(said: list[Heard]) -> None:
    assert figures.outside_recall(said) >= 0.90
    assert figures.inside_refused(said) <= 0.03


def test_certainty_can_be_believed(said: list[Heard]) -> None:
    assert figures.expected_calibration_error(said) < 0.05


def test_the_language_of_five_words_is_right(said: list[Heard]) -> None:
    assert figures.language_accuracy(said) >= 0.985
