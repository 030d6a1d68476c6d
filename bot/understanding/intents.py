"""What a message wants: a quick model answers alone where it is sure, else a slower one helps.

The quick one looks at words and letter groups, the slower one at the sentence as a whole. What is
sure enough, and what is outside of what the service is for, is measured on a fifth of the training
lines that both did not see (docs/adr/0016).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bot.understanding.arrays import Array
from bot.understanding.calibration import best_temperature, best_weights, mixed, softened
from bot.understanding.encoder import Encoder
from bot.understanding.encoder_files import build_encoder
from bot.understanding.grams import GramModel, counted
from bot.understanding.joined import beside_details
from bot.understanding.reading import Reading, folded, readable
from bot.understanding.sentences import SentenceModel, with_noise

OUT_OF_SCOPE = "out_of_scope"
HELD_OUT = 5  # one line in so many measures, the others teach
# The quick model answers alone where it was right this often.
QUICK_PRECISION = 0.96
# Of held-out lines that are in scope, so many may be taken for out of scope and asked back.
# Many of them were written to be hard to tell from a neighbour: of messages as people write them
# about a tenth as many are refused (make understand).
REFUSED_AS_OUTSIDE = 0.05
REFUSED_AS_UNSURE = 0.03
# What one intent has more than this of is not outside, however much of the rest is.
MOSTLY = 0.5


@dataclass(frozen=True)
class Limits:
    """How the two models' numbers are read; each measured on lines they did not see."""

    temperature: float
    by_grams: float
    by_sentence: float
    quick: float
    outside: float
    unsure: float


@dataclass(frozen=True)
class Meaning:
    """The likeliest first; `sure` is False where the person is to be asked back."""

    ranking: tuple[tuple[str, float], ...]
    sure: bool
    quick: bool


class IntentModel:
    """Both models and their limits."""

    def __init__(
        self, grams: GramModel, sentences: SentenceModel, limits: Limits, encoder: Encoder
    ) -> None:
        self.labels = grams.labels
        self.limits = limits
        self._grams, self._sentences, self._encoder = grams, sentences, encoder
        self._outside = self.labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in self.labels else None

    def meaning(self, message: Reading) -> Meaning:
        """What a message wants."""
        limits = self.limits
        scores = self._grams.scores(message.counts)
        shares = softened(scores, limits.temperature)
        quick = bool(shares.max() >= limits.quick)
        if not quick:
            whole = self._sentences.shares(self._encoder.encode(message.ready))
            shares = mixed(scores, whole, (limits.by_grams, limits.by_sentence))
        return self._ranked(shares, quick)

    def _ranked(self, shares: Array, quick: bool) -> Meaning:
        order = list(np.argsort(-shares, kind="stable"))
        outside = self._outside
        doubtful = not quick and shares[order[0]] < MOSTLY
        if outside is not None and doubtful and shares[outside] >= self.limits.outside:
            order = [outside, *(at for at in order if at != outside)]
        sure = quick or order[0] == outside or bool(shares[order[0]] >= self.limits.unsure)
        return Meaning(tuple((self.labels[at], float(shares[at])) for at in order), sure, quick)

    @classmethod
    def train(
        cls, texts: Sequence[str], labels: Sequence[str], folder: Path, seed: int
    ) -> IntentModel:
        """Learn from one label a text and save into `folder`."""
        ready = [readable(text) for text in texts]
        copies = beside_details(ready, labels, seed)
        of = [*range(len(ready)), *(at for at, _ in copies)]
        taught, meant = [*ready, *(copy for _, copy in copies)], [labels[at] for at in of]
        build_encoder(_made(folder / "encoder"))
        vectors = with_noise(Encoder(folder / "encoder"), taught, seed)
        plainly = [folded(text) for text in taught]
        limits = _measured(plainly, meant, vectors, _split(labels, of), seed)
        grams = GramModel.train(plainly, meant, seed)
        sentences = SentenceModel.train(np.vstack(vectors), [*meant, *meant])
        grams.save(folder / "grams")
        sentences.save(folder / "sentences")
        (folder / "limits.json").write_text(json.dumps(asdict(limits)), "utf-8")
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """What `train` saved."""
        limits = Limits(**json.loads((folder / "limits.json").read_text("utf-8")))
        grams, sentences = (
            GramModel.load(folder / "grams"),
            SentenceModel.load(folder / "sentences"),
        )
        return cls(grams, sentences, limits, Encoder(folder / "encoder"))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _measured(
    texts: Sequence[str],
    labels: Sequence[str],
    vectors: tuple[Array, Array],
    split: tuple[Array, Array],
    seed: int,
) -> Limits:
    """The limits, from models that saw four fifths of the lines, on the last fifth."""
    (plain, slipped), (teach, measures) = vectors, split
    some = [label for label, kept in zip(labels, teach, strict=True) if kept]
    grams = GramModel.train([t for t, kept in zip(texts, teach, strict=True) if kept], some, seed)
    sentences = SentenceModel.train(np.vstack([plain[teach], slipped[teach]]), [*some, *some])
    names = grams.labels
    truth = np.array(
        [names.index(label) for label, held in zip(labels, measures, strict=True) if held]
    )
    measured = [counted(t) for t, held in zip(texts, measures, strict=True) if held]
    scores = np.array([grams.scores(counts) for counts in measured])
    temperature = best_temperature(scores, truth)
    quick = softened(scores, temperature)
    whole = sentences.shares(plain[measures])
    weights = best_weights(scores, whole, truth)
    return _limits(names, truth, quick, mixed(scores, whole, weights), temperature, weights)


def _limits(
    names: list[str],
    truth: Array,
    quick: Array,
    both: Array,
    temperature: float,
    weights: tuple[float, float],
) -> Limits:
    outside = names.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in names else -1
    inside = truth != outside
    refused = np.quantile(both[inside, outside], 1 - REFUSED_AS_OUTSIDE) if outside >= 0 else 1.0
    return Limits(
        temperature=temperature,
        by_grams=weights[0],
        by_sentence=weights[1],
        quick=_sure_enough(quick.max(axis=1), quick.argmax(axis=1) == truth),
        outside=float(refused),
        unsure=float(np.quantile(both[inside].max(axis=1), REFUSED_AS_UNSURE)),
    )


def _split(labels: Sequence[str], of: Sequence[int]) -> tuple[Array, Array]:
    """Which of the lines and their copies teach, and which lines measure; a copy (`of` says of
    which line) of one that measures does neither."""
    held = _held_out(labels)
    measures = np.concatenate([held, np.zeros(len(of) - len(labels), dtype=bool)])
    return ~held[list(of)], measures


def _held_out(labels: Sequence[str]) -> Array:
    """Every fifth line of each label."""
    seen: dict[str, int] = {}
    held = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        held.append(seen[label] % HELD_OUT == 0)
    return np.array(held)


def _sure_enough(sure: Array, right: Array) -> float:
    """The lowest certainty from which on answers were right often enough."""
    order = np.argsort(-sure)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= QUICK_PRECISION)
    return float(sure[order[good[-1]]]) if len(good) else 1.01
