"""A linear classifier on words and letter groups, that needs a fifth of a millisecond.

Trained with scikit-learn; in the service a message is scored with a dictionary and a few rows of
one matrix, which gives the same numbers several times quicker. Saved without pickle.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bot.understanding.arrays import Array

# Groups of 2 and of 5 letters cost as much again, and no held-out line more is right with them.
SIZES = (3, 4)
Analyzer = Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """The words of a folded text and each two that follow each other."""
    found = text.split()
    return [*found, *map(" ".join, pairwise(found))]


def letters(text: str, sizes: Sequence[int] = SIZES) -> list[str]:
    """Groups of letters inside each word; its edges count as a space."""
    groups = []
    for word in text.split():
        edged = f" {word} "
        for size in sizes:
            groups += [edged[at : at + size] for at in range(len(edged) - size + 1)]
    return groups


ANALYZERS: tuple[Analyzer, ...] = (words, letters)


def counted(text: str) -> tuple[Counter[str], ...]:
    """How often each word and each letter group stands in a folded text."""
    return tuple(Counter(analyzer(text)) for analyzer in ANALYZERS)


class GramModel:
    """`labels` in the order of the scores."""

    def __init__(
        self,
        labels: list[str],
        vocabularies: Sequence[dict[str, int]],
        idf: Array,
        weights: Array,
        bias: Array,
    ) -> None:
        self.labels = labels
        self._vocabularies = vocabularies
        self._idf, self._weights, self._bias = idf, weights, bias

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        seed: int,
        penalty: float = 0.5,
        analyzers: Sequence[Analyzer] = ANALYZERS,
    ) -> GramModel:
        """Learn from one label a folded text. The same input and seed give the same model.
        `analyzers` may find less than those of `counted`, each of which has one here."""
        from scipy.sparse import hstack
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC

        vectorizers = [
            TfidfVectorizer(analyzer=analyzer, sublinear_tf=True, min_df=2, dtype=np.float32)
            for analyzer in analyzers
        ]
        features = hstack([v.fit_transform(texts) for v in vectorizers]).tocsr()
        linear = LinearSVC(C=penalty, random_state=seed).fit(features, list(labels))
        weights, bias = _for_each_class(linear.coef_, linear.intercept_, len(linear.classes_))
        return cls(
            [str(label) for label in linear.classes_],
            _joined([v.vocabulary_ for v in vectorizers]),
            np.concatenate([v.idf_ for v in vectorizers]).astype(np.float32),
            weights.astype(np.float16).astype(np.float32),
            bias.astype(np.float32),
        )

    def scores(self, counts: Sequence[Counter[str]]) -> Array:
        """The distance from each class's border, float32 (labels,), of what `counted` found."""
        total = self._bias.copy()
        for found, vocabulary in zip(counts, self._vocabularies, strict=True):
            times = {vocabulary[gram]: n for gram, n in found.items() if gram in vocabulary}
            if times:
                total += self._part(times)
        return total

    def _part(self, times: dict[int, int]) -> Array:
        places = np.fromiter(times, np.int64, len(times))
        heights = 1 + np.log(np.fromiter(times.values(), np.float32, len(times)))
        values = heights * self._idf[places]
        return (values / math.sqrt(values @ values)) @ self._weights[places]

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number, vocabulary in enumerate(self._vocabularies):
            grams = sorted(vocabulary, key=vocabulary.__getitem__)
            (folder / f"grams{number}.txt").write_text("\n".join(grams), "utf-8")
        (folder / "labels.txt").write_text("\n".join(self.labels), "utf-8")
        with (folder / "linear.npz").open("wb") as file:
            np.savez(file, idf=self._idf, weights=self._weights.astype(np.float16), bias=self._bias)

    @classmethod
    def load(cls, folder: Path) -> GramModel:
        vocabularies: list[dict[str, int]] = []
        for number in range(len(ANALYZERS)):
            grams = (folder / f"grams{number}.txt").read_text("utf-8").split("\n")
            first = sum(map(len, vocabularies))
            vocabularies.append({gram: first + at for at, gram in enumerate(grams)})
        stored = np.load(folder / "linear.npz", allow_pickle=False)
        return cls(
            (folder / "labels.txt").read_text("utf-8").split("\n"),
            vocabularies,
            stored["idf"],
            stored["weights"].astype(np.float32),
            stored["bias"],
        )


def _joined(vocabularies: list[dict[str, Any]]) -> list[dict[str, int]]:
    """Each vocabulary's places behind those of the one before."""
    joined: list[dict[str, int]] = []
    for vocabulary in vocabularies:
        first = sum(map(len, joined))
        joined.append({gram: first + int(at) for gram, at in vocabulary.items()})
    return joined


def _for_each_class(weights: Any, bias: Any, classes: int) -> tuple[Array, Array]:
    """Features by classes; scikit-learn keeps one row only where there are two classes."""
    if classes == 2:
        weights, bias = np.vstack([-weights[0], weights[0]]), np.array([-bias[0], bias[0]])
    return weights.T.copy(), bias
