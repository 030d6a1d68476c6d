"""Scores as shares of one, so that "90 % sure" is right nine times in ten."""

from __future__ import annotations

from itertools import product

import numpy as np

from bot.understanding.arrays import Array

_TEMPERATURES = np.geomspace(0.05, 1.0, 40)
# For distances from a border, and for logarithms of shares.
_WEIGHTS = tuple(product(np.linspace(1.0, 8.0, 15), np.linspace(0.2, 1.2, 11)))
_LEAST = 1e-9


def softened(scores: Array, temperature: float) -> Array:
    """Shares of one along the last axis; a higher temperature makes them more equal."""
    raised = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    return raised / raised.sum(axis=-1, keepdims=True)


def mixed(scores: Array, shares: Array, weights: tuple[float, float]) -> Array:
    """Two models as one: what either holds for impossible stays so, which a mean would not give.
    `scores` are distances from a border, `shares` of one."""
    logarithms = np.log(np.maximum(shares, _LEAST))
    return softened(weights[0] * scores + weights[1] * logarithms, 1.0)


def best_temperature(scores: Array, truth: Array) -> float:
    """The one under which `truth`, the column that is right in each row, is likeliest."""
    return float(min(_TEMPERATURES, key=lambda t: surprise(softened(scores, t), truth)))


def best_weights(scores: Array, shares: Array, truth: Array) -> tuple[float, float]:
    """Those of `mixed` under which the truth is likeliest."""
    first, second = min(_WEIGHTS, key=lambda w: surprise(mixed(scores, shares, w), truth))
    return float(first), float(second)


def surprise(shares: Array, truth: Array) -> float:
    """The mean negative logarithm of what was given to the truth."""
    return float(-np.log(np.maximum(shares[np.arange(len(truth)), truth], _LEAST)).mean())


def calibration_error(sure: Array, right: Array, bins: int = 15) -> float:
    """Expected calibration error: how far certainty and truth are apart, over equal bins of
    certainty (Guo et al. 2017)."""
    bin_of = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = (
        abs(float(right[bin_of == b].mean()) - float(sure[bin_of == b].mean()))
        * (bin_of == b).mean()
        for b in range(bins)
        if (bin_of == b).any()
    )
    return float(sum(gaps))
