"""The parts of understanding: what they learn, how sure they are, that they come back the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.understanding.calibration import (
    best_temperature,
    best_weights,
    calibration_error,
    mixed,
    softened,
)
from bot.understanding.grams import GramModel, counted, letters, words
from bot.understanding.intents import MOSTLY, IntentModel, _sure_enough
from bot.understanding.languages import LanguageModel
from bot.understanding.noise import noisy
from bot.understanding.reading import Reading, folded, readable

TEXTS = {
    "status": [
        "where is my application", "what is the status of my file", "any news on my application",
        "où en est ma demande", "quel est l'état de mon dossier", "des nouvelles de ma demande",
        "is my file moving", "application status please", "mon dossier avance",
        "the status of my case please",
    ],
    "card": [
        "when does my card come", "the card never arrived", "where is my PR card",
        "quand arrive ma carte", "je n'ai pas reçu ma carte RP", "ma carte est où",
        "card in the mail when", "still no card", "la carte n'est jamais venue",
        "my card did not come",
    ],
    "out_of_scope": [
        "will it rain tomorrow", "a recipe for soup", "who won the hockey game",
        "quel temps fait-il", "une recette de soupe", "qui a gagné le match",
        "tell me a joke", "raconte une blague", "the best pizza in town", "buy a bicycle",
    ],
}  # fmt: skip
LINES = [(text, label) for label, texts in TEXTS.items() for text in texts]


def learn(folder: Path) -> IntentModel:
    return IntentModel.train([t for t, _ in LINES], [label for _, label in LINES], folder, 7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("intents")
    learn(path)
    return path


def test_an_unseen_sentence_is_understood_in_both_languages(folder: Path) -> None:
    model = IntentModel.load(folder)
    assert model.meaning(Reading("has my card come yet")).ranking[0][0] == "card"
    assert model.meaning(Reading("ma demande, des nouvelles ?")).ranking[0][0] == "status"
    assert model.meaning(Reading("a joke about the weather")).ranking[0][0] == "out_of_scope"


def test_shares_are_of_one_and_the_likeliest_comes_first(folder: Path) -> None:
    ranking = IntentModel.load(folder).meaning(Reading("where is it")).ranking
    shares = [share for _, share in ranking]
    assert sum(shares) == pytest.approx(1.0, abs=1e-4)
    assert {name for name, _ in ranking} == set(TEXTS)
    if ranking[0][0] != "out_of_scope":
        assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize(
    ("shares", "best"),
    [
        ([0.45, 0.4, 0.15], "out_of_scope"),
        ([0.6, 0.25, 0.15], "card"),
        ([0.48, 0.5, 0.02], "status"),
    ],
)
def test_outside_is_what_no_intent_has_half_of(
    folder: Path, shares: list[float], best: str
) -> None:
    model = IntentModel.load(folder)
    model.limits = replace(model.limits, outside=0.1)
    assert model.labels == ["card", "out_of_scope", "status"]
    card, status, outside = shares
    ranked = model._ranked(np.array([card, outside, status]), steps=2)
    assert ranked.ranking[0][0] == best


@pytest.mark.parametrize(
    ("quick", "enough", "steps"),
    [
        (0.0, (1.01, 1.01), 0),
        (1.01, (0.0, 1.01), 1),
        (1.01, (1.01, 0.0), 2),
        (1.01, (1.01,) * 2, 2),
    ],
)
def test_it_goes_on_only_while_it_is_not_sure(
    folder: Path, quick: float, enough: tuple[float, ...], steps: int
) -> None:
    model = IntentModel.load(folder)
    first, last = (
        replace(step, enough=least) for step, least in zip(model.limits.steps, enough, strict=True)
    )
    model.limits = replace(model.limits, quick=quick, steps=(first, last))
    text = Reading("has my card come yet")
    found = model.meaning(text)
    assert found.steps == steps
    vectors = [np.empty(0), *model._encoder.steps(text.ready)]
    scores = model._grams.scores(text.counts)
    shares = softened(scores, model.limits.temperature)
    if steps:
        step, sentences = model.limits.steps[steps - 1], model._sentences[steps - 1]
        weights = (step.by_grams, step.by_sentence)
        shares = mixed(scores, sentences.shares(vectors[steps]), weights)
    assert dict(found.ranking) == pytest.approx(dict(zip(model.labels, shares, strict=True)))


def test_what_counts_as_sure_was_right_often_enough_and_has_most() -> None:
    shares = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4], [0.55, 0.45]])
    right, fourth_wrong, first_wrong = (
        np.zeros(5, int),
        np.array([0, 0, 0, 1, 0]),
        np.array([1] * 5),
    )
    assert _sure_enough(shares, right, 0.96)[0] == 0.55
    least, surely = _sure_enough(shares, fourth_wrong, 0.96)
    assert (least, surely.tolist()) == (0.7, [True, True, True, False, False])
    assert _sure_enough(shares, fourth_wrong, 0.8)[0] == 0.55
    assert _sure_enough(shares, first_wrong, 0.96)[0] > 1
    assert _sure_enough(np.full((5, 3), 1 / 3), right, 0.96)[0] == MOSTLY


def test_the_same_lines_and_seed_give_the_same_model(folder: Path, tmp_path: Path) -> None:
    again = learn(tmp_path)
    first = IntentModel.load(folder)
    assert again.limits == first.limits
    for text in ("card?", "pas de nouvelles", "xyz"):
        assert again.meaning(Reading(text)) == first.meaning(Reading(text))


def test_nothing_of_it_is_a_pickle(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".txt", ".json", ".npz", ".onnx"}
    for path in files:
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as stored:
                assert all(array.dtype != object for array in stored.values())


def test_typed_details_and_tokens_are_read_alike(folder: Path) -> None:
    model = IntentModel.load(folder)
    typed = model.meaning(Reading("my UCI is 1122334455, where is my file"))
    masked = model.meaning(Reading("my UCI is ⟦uci⟧, where is my file"))
    assert typed == masked
    assert readable("code 12345678, K1A 0B1") == readable("code ⟦code⟧, ⟦postal_code⟧")


def test_the_quick_scorer_gives_the_numbers_of_scikit_learn() -> None:
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    texts, labels = zip(*LINES, strict=True)
    ready = [folded(text) for text in texts]
    parts = [
        TfidfVectorizer(analyzer=analyzer, sublinear_tf=True, min_df=2, dtype=np.float32)
        for analyzer in (words, letters)
    ]
    linear = LinearSVC(C=0.5, random_state=7)
    linear.fit(hstack([part.fit_transform(ready) for part in parts]).tocsr(), labels)
    model = GramModel.train(ready, labels, 7)
    for text in ("where is my card", "Où en est ma demande ?", "", "zzz"):
        wanted = linear.decision_function(hstack([p.transform([folded(text)]) for p in parts]))
        # The weights are kept in half precision.
        assert model.scores(counted(folded(text))) == pytest.approx(wanted[0], abs=2e-3)


def test_folding_keeps_letters_and_forgets_how_they_were_typed() -> None:
    assert folded("  Où est-ce… ma DEMANDE n° 42 ?!") == "ou est ce ma demande n 00"
    assert folded("nooooon") == "noon"
    assert letters("ab") == [" ab", "ab ", " ab "]
    assert letters("ab", sizes=(2,)) == [" a", "ab", "b "]
    assert words("a b c") == ["a", "b", "c", "a b", "b c"]


def test_noise_is_the_same_every_time_and_keeps_the_kinds_of_details() -> None:
    line = "my UCI is [uci], where is my application"
    assert noisy(line, 3, 7) == noisy(line, 3, 7)
    assert noisy(line, 3, 7) != noisy(line, 3, 8)
    assert all("[uci]" in copy for copy in noisy(line, 20, 7))
    assert any(copy != line for copy in noisy(line, 3, 7))


def test_certainty_is_learned_from_what_was_right() -> None:
    scores = np.array([[2.0, 0.0], [2.0, 0.0], [2.0, 0.0], [0.0, 2.0]])
    surely, hardly = np.array([0, 0, 0, 1]), np.array([0, 1, 0, 0])
    assert best_temperature(scores, surely) < best_temperature(scores, hardly)
    assert softened(scores, 0.5).sum(axis=1) == pytest.approx(np.ones(4))
    assert calibration_error(np.array([0.9] * 10), np.array([True] * 9 + [False])) < 0.01
    assert calibration_error(np.array([0.9] * 10), np.array([False] * 10)) > 0.8


def test_of_two_models_the_one_that_was_right_weighs_more() -> None:
    right, wrong = np.array([[2.0, -2.0]] * 4), np.array([[0.4, 0.6]] * 4)
    truth = np.zeros(4, int)
    by_scores, by_shares = best_weights(right, wrong, truth)
    assert by_scores > 1.0 > by_shares
    both = mixed(right[0], np.array([0.0, 1.0]), (1.0, 1.0))
    assert both.sum() == pytest.approx(1.0)
    assert both[1] > 0.9, "what one model holds for impossible stays so"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my application now", "en"),
        ("où en est ma demande maintenant", "fr"),
        ("我的申请现在怎么样了", "other"),
        ("أين وصل طلبي الآن", "other"),
    ],
)
def test_a_language_is_told_by_five_words(text: str, language: str, tmp_path: Path) -> None:
    english = ["where is my application", "when does it come now", "I have not heard of you"]
    french = ["où en est ma demande", "quand vient-elle maintenant", "je n'ai rien reçu de vous"]
    model = LanguageModel.train(
        [*english, *french] * 2, [*["en"] * 3, *["fr"] * 3] * 2, tmp_path, 7
    )
    assert model.language(Reading(text))[0] == language


def test_what_has_no_letters_could_be_in_any_language(tmp_path: Path) -> None:
    model = LanguageModel.train(["a b", "a b", "c d", "c d"], ["en", "en", "fr", "fr"], tmp_path, 7)
    assert model.language(Reading("1122334455 🙂")) == ("other", 0.0)
