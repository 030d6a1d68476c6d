"""Figures from what was heard: accuracy, macro-F1, calibration, out of scope, language, cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median, quantiles

import numpy as np

from bot.understanding.calibration import calibration_error
from tests.understanding.lines import LANGUAGES, OUTSIDE, STYLES, Heard


def accuracy(said: Sequence[Heard]) -> float:
    """The share of lines whose outcome is right; being asked back counts as wrong."""
    return sum(one.right for one in said) / len(said)


def macro_f1(said: Sequence[Heard]) -> float:
    """The mean of F1 over the intents that occur."""
    intents = {one.line.intent for one in said}
    return sum(_f1(said, intent) for intent in intents) / len(intents)


def _f1(said: Sequence[Heard], intent: str) -> float:
    hits = sum(one.right for one in said if one.line.intent == intent)
    wanted = sum(one.line.intent == intent for one in said)
    given = sum(one.said == intent for one in said)
    return 2 * hits / (wanted + given) if wanted + given else 0.0


def confusions(said: Sequence[Heard]) -> list[tuple[str, str, int]]:
    """Wanted, said, how often; the most frequent first."""
    wrong = Counter((one.line.intent, one.said) for one in said if not one.right)
    return [(wanted, given, count) for (wanted, given), count in wrong.most_common()]


def expected_calibration_error(said: Sequence[Heard]) -> float:
    right = np.array([one.best == one.line.intent for one in said])
    return calibration_error(np.array([one.sure for one in said]), right)


def outside_recall(said: Sequence[Heard]) -> float:
    """Of what is out of scope, the share that was not answered as something else."""
    lines = [one for one in said if one.line.intent == OUTSIDE]
    return sum(one.refused for one in lines) / len(lines)


def inside_refused(said: Sequence[Heard]) -> float:
    """Of what is in scope, the share that was called out of scope or asked back."""
    lines = [one for one in said if one.line.intent != OUTSIDE]
    return sum(one.refused for one in lines) / len(lines)


def language_accuracy(said: Sequence[Heard], least_words: int = 5) -> float:
    """The share of right languages among lines of so many words, out of scope ones left out."""
    lines = [
        o for o in said if len(o.line.text.split()) >= least_words and o.line.intent != OUTSIDE
    ]
    return sum(one.language == one.line.language for one in lines) / len(lines)


def milliseconds(said: Sequence[Heard]) -> tuple[float, float]:
    """CPU time of one message: the median and the 95th percentile."""
    times = [one.seconds * 1000 for one in said]
    return median(times), quantiles(times, n=20)[-1]


def parts(said: Sequence[Heard]) -> dict[str, list[Heard]]:
    """The lines by language and by style, of those that occur."""
    chosen: dict[str, Callable[[Heard], bool]] = {"all": lambda _: True}
    for language in LANGUAGES:
        chosen[language] = lambda one, wanted=language: one.line.language == wanted  # type: ignore[misc]
    for style in STYLES:
        chosen[style] = lambda one, wanted=style: one.line.style == wanted  # type: ignore[misc]
    found = {name: [one for one in said if test(one)] for name, test in chosen.items()}
    return {name: part for name, part in found.items() if part}
