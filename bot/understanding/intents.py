"""What a message wants: a quick model answers alone where it is sure, else a slower one helps.

The quick one looks at words and letter groups, the slower one at the sentence as a whole, in steps:
it goes on only while both together are not sure. What is sure enough, and what is outside of what
the service is for, is measured on a fifth of the training lines that both did not see
(docs/adr/0016).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bot.understanding.arrays import Array
from bot.understanding.calibration import best_temperature, best_weights, mixed, softened
from bot.understanding.encoder import WIDTHS, Encoder
from bot.understanding.encoder_files import build_encoder
from bot.understanding.grams import GramModel, counted
from bot.understanding.joined import beside_details
from bot.understanding.reading import Reading, folded, readable
from bot.understanding.sentences import SentenceModel, shown, with_noise

OUT_OF_SCOPE = "out_of_scope"
HELD_OUT = 5  # one line in so many measures, the others teach
# The quick model answers alone where it was right this often; of the rest, which are harder, it and
# the first step of the encoder where both were. Asking further would bring no more right answers.
QUICK_PRECISION = 0.95
STEP_PRECISION = 0.85
NEVER = 1.01
# Of held-out lines that are in scope, so many may be taken for out of scope and asked back.
# Many of them were written to be hard to tell from a neighbour: of messages as people write them
# about a tenth as many are refused (make understand).
REFUSED_AS_OUTSIDE = 0.05
REFUSED_AS_UNSURE = 0.03
# As many meanings are told; further ones are never likely.
RANKED = 10
# What one intent has more than this of is neither outside nor unsure.
MOSTLY = 0.5


@dataclass(frozen=True)
class Step:
    """How a step of the encoder and the quick model are mixed; both answer where the likeliest
    intent has `enough`."""

    by_grams: float
    by_sentence: float
    enough: float


@dataclass(frozen=True)
class Limits:
    """How the models' numbers are read; each measured on lines they did not see."""

    temperature: float
    quick: float
    steps: tuple[Step, ...]
    outside: float
    unsure: float


@dataclass(frozen=True)
class Meaning:
    """The likeliest first; `sure` is False where the person is to be asked back. `steps` of the
    encoder were needed."""

    ranking: tuple[tuple[str, float], ...]
    sure: bool
    steps: int


class IntentModel:
    """The models and their limits; of the sentence one for each step of the encoder."""

    def __init__(
        self,
        grams: GramModel,
        sentences: Sequence[SentenceModel],
        limits: Limits,
        encoder: Encoder,
    ) -> None:
        self.labels = grams.labels
        self.limits = limits
        self._grams, self._sentences, self._encoder = grams, sentences, encoder
        self._outside = self.labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in self.labels else None

    def meaning(self, message: Reading) -> Meaning:
        """What a message wants."""
        scores = self._grams.scores(message.counts)
        shares, steps = softened(scores, self.limits.temperature), 0
        if shares.max() < self.limits.quick:
            shares, steps = self._in_steps(message.ready, scores)
        return self._ranked(shares, steps)

    def _in_steps(self, text: str, scores: Array) -> tuple[Array, int]:
        """What both models together give, after as many steps as it takes."""
        shares, number = scores, 0
        for number, vector in enumerate(self._encoder.steps(text)):
            step = self.limits.steps[number]
            whole = self._sentences[number].shares(vector)
            shares = mixed(scores, whole, (step.by_grams, step.by_sentence))
            if shares.max() >= step.enough:
                break
        return shares, number + 1

    def _ranked(self, shares: Array, steps: int) -> Meaning:
        order = list(np.argsort(-shares, kind="stable"))
        outside, most = self._outside, shares[order[0]]
        if outside is not None and most < MOSTLY and shares[outside] >= self.limits.outside:
            order = [outside, *(at for at in order if at != outside)]
        sure = order[0] == outside or bool(most >= self.limits.unsure)
        ranking = tuple((self.labels[at], float(shares[at])) for at in order[:RANKED])
        return Meaning(ranking, sure, steps)

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
        GramModel.train(plainly, meant, seed).save(folder / "grams")
        for number, model in enumerate(_sentences(vectors, meant)):
            model.save(folder / f"sentences{number}")
        (folder / "limits.json").write_text(json.dumps(asdict(limits)), "utf-8")
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """What `train` saved."""
        stored = json.loads((folder / "limits.json").read_text("utf-8"))
        steps = tuple(Step(**step) for step in stored.pop("steps"))
        return cls(
            GramModel.load(folder / "grams"),
            [SentenceModel.load(folder / f"sentences{at}") for at in range(len(steps))],
            Limits(steps=steps, **stored),
            Encoder(folder / "encoder"),
        )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sentences(vectors: tuple[Array, Array], labels: Sequence[str]) -> list[SentenceModel]:
    """One for each step of the encoder, of plain lines and their noisy copies."""
    both = np.vstack(vectors)
    widths = shown(WIDTHS, len(WIDTHS), "Regressions / Régressions")
    return [SentenceModel.train(both[:, :width], [*labels, *labels]) for width in widths]


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
    sentences = _sentences((plain[teach], slipped[teach]), some)
    names = grams.labels
    truth = np.array(
        [names.index(label) for label, held in zip(labels, measures, strict=True) if held]
    )
    measured = [counted(t) for t, held in zip(texts, measures, strict=True) if held]
    scores = np.array([grams.scores(counts) for counts in measured])
    shares = [
        model.shares(plain[measures][:, :width])
        for model, width in zip(sentences, WIDTHS, strict=True)
    ]
    return _limits(names, truth, scores, shares)


def _limits(names: list[str], truth: Array, scores: Array, sentences: list[Array]) -> Limits:
    temperature = best_temperature(scores, truth)
    quick, surely = _sure_enough(softened(scores, temperature), truth, QUICK_PRECISION)
    steps = []
    for shares in sentences:
        weights = best_weights(scores, shares, truth)
        both = mixed(scores, shares, weights)
        enough, _ = _sure_enough(both[~surely], truth[~surely], STEP_PRECISION)
        steps.append(Step(*weights, enough))
    outside = names.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in names else -1
    inside = truth != outside
    refused = np.quantile(both[inside, outside], 1 - REFUSED_AS_OUTSIDE) if outside >= 0 else 1.0
    unsure = np.quantile(both[inside].max(axis=1), REFUSED_AS_UNSURE)
    return Limits(temperature, quick, tuple(steps), float(refused), min(float(unsure), MOSTLY))


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


def _sure_enough(shares: Array, truth: Array, wanted: float) -> tuple[float, Array]:
    """The lowest certainty from which on so many answers as `wanted` were right, no less than
    MOSTLY; and which lines reach it."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == truth
    order = np.argsort(-sure)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= wanted)
    least = max(MOSTLY, float(sure[order[good[-1]]])) if len(good) else NEVER
    return least, sure >= least
