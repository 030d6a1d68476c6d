"""English, French or another language, from a few words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from bot.understanding.calibration import softened
from bot.understanding.grams import Analyzer, GramModel, letters
from bot.understanding.reading import Reading, folded, readable

OTHER = "other"
SAMPLES = Path(__file__).parents[2] / "data" / "languages" / "other.txt"
# Distances from the border in one language's favour; found on held-out lines, flat around it.
TEMPERATURE = 0.25
# Every word counts alike whatever it says: the same short words stand in all lines of a language.
PENALTY = 2.0
# What tells languages apart is short: with pairs of words and longer groups no more lines are
# right, and six times as many entries would be looked up in.
_ANALYZERS: tuple[Analyzer, ...] = (str.split, partial(letters, sizes=(3,)))


class LanguageModel:
    """Tells `en`, `fr` and `other` apart."""

    def __init__(self, grams: GramModel) -> None:
        self._grams = grams

    def language(self, message: Reading) -> tuple[str, float]:
        """The language of a message, and how sure that is, 0 to 1. A text without letters could be
        in any: ("other", 0.0)."""
        found = [char for char in message.typed if char.isalpha()]
        if not found:
            return OTHER, 0.0
        if sum(not _is_latin(char) for char in found if not char.isascii()) * 2 > len(found):
            return OTHER, 1.0
        shares = softened(self._grams.scores(message.counts), TEMPERATURE)
        best = int(np.argmax(shares))
        return self._grams.labels[best], float(shares[best])

    @classmethod
    def train(
        cls, texts: Sequence[str], languages: Sequence[str], folder: Path, seed: int
    ) -> LanguageModel:
        """Learn from texts in English and French and from the samples of other languages."""
        others = [line for line in SAMPLES.read_text("utf-8").splitlines() if _is_sample(line)]
        plainly = [folded(readable(text)) for text in texts] + [folded(line) for line in others]
        labels = [*languages, *[OTHER] * len(others)]
        GramModel.train(plainly, labels, seed, PENALTY, _ANALYZERS).save(folder)
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> LanguageModel:
        return cls(GramModel.load(folder))


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


def _is_sample(line: str) -> bool:
    return bool(folded(line)) and not line.startswith("#")
