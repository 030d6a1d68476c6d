"""A linear classifier on sentence embeddings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np

from bot.understanding.arrays import Array
from bot.understanding.calibration import softened
from bot.understanding.encoder import Encoder
from bot.understanding.noise import noisy

T = TypeVar("T")

PENALTY = 30.0
# More steps change no answer; the loss is flat by then.
STEPS = 120


class SentenceModel:
    """`labels` in the order of the shares."""

    def __init__(self, labels: list[str], middle: Array, weights: Array, bias: Array) -> None:
        self.labels = labels
        self._middle, self._weights, self._bias = middle, weights, bias

    @classmethod
    def train(cls, vectors: Array, labels: Sequence[str]) -> SentenceModel:
        """Learn from one label a row of `vectors`."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression
        from sklearn.utils._testing import ignore_warnings

        middle = vectors.mean(axis=0)
        learner = LogisticRegression(C=PENALTY, max_iter=STEPS, tol=1e-3)
        fit = ignore_warnings(category=ConvergenceWarning)(learner.fit)
        fit(vectors - middle, list(labels))
        return cls(
            [str(label) for label in learner.classes_],
            middle.astype(np.float32),
            learner.coef_.T.astype(np.float32),
            learner.intercept_.astype(np.float32),
        )

    def shares(self, vector: Array) -> Array:
        """What each label is given of one, float32 (labels,) or (rows, labels)."""
        return softened((vector - self._middle) @ self._weights + self._bias, 1.0)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "labels.txt").write_text("\n".join(self.labels), "utf-8")
        with (folder / "linear.npz").open("wb") as file:
            np.savez(file, middle=self._middle, weights=self._weights, bias=self._bias)

    @classmethod
    def load(cls, folder: Path) -> SentenceModel:
        labels = (folder / "labels.txt").read_text("utf-8").split("\n")
        stored = np.load(folder / "linear.npz", allow_pickle=False)
        return cls(labels, stored["middle"], stored["weights"], stored["bias"])


def with_noise(encoder: Encoder, texts: Sequence[str], seed: int) -> tuple[Array, Array]:
    """The vectors of `texts`, and those of one noisy copy of each."""
    slipped = [noisy(text, 1, seed)[0] for text in texts]
    # Each core takes a text: the encoder computes outside of Python's lock, and what it makes of
    # a text does not depend on the others.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        each = pool.map(encoder.encode, [*texts, *slipped])
        vectors = np.array(list(shown(each, 2 * len(texts), "Vectors / Vecteurs")))
    return vectors[: len(texts)], vectors[len(texts) :]


def shown(work: Iterable[T], steps: int, what: str) -> Iterator[T]:
    """`work`, with a bar on standard error where that is a terminal: training takes minutes."""
    from rich.console import Console
    from rich.progress import track

    errors = Console(stderr=True)
    yield from track(work, what, steps, console=errors, disable=not errors.is_terminal)
