"""A sentence as numbers: multilingual-e5-small on onnxruntime, one sentence at a time, in steps.

One at a time also in training: dynamic 8-bit weights take their range from the whole batch, so a
sentence alone and in a batch would differ a little.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.understanding.arrays import Array
from bot.understanding.weights import unpack

DIMENSIONS = 384
# Whose means are taken, in the steps in which they are worked out. Together they say more than the
# last one alone, and the first half of them is often enough (docs/adr/0016).
LAYERS = ((2, 5), (8, 11))
# How many numbers there are after each step.
WIDTHS = tuple(accumulate(DIMENSIONS * len(layers) for layers in LAYERS))
# The cost grows with the length. Of longer messages the middle is left out: what they are about
# stands at the beginning, what they ask at the end.
MAX_TOKENS = 40
AT_THE_BEGINNING = 11
# The model was trained with it before every question.
PREFIX = "query: "
TABLE, PIECES = "table.npz", "pieces.json"


def body_name(step: int) -> str:
    """The file of the layers of a step."""
    return f"body{step}.onnx"


class Encoder:
    """Loads the files that `build_encoder` wrote into `folder`."""

    def __init__(self, folder: Path) -> None:
        table = np.load(folder / TABLE, allow_pickle=False)
        self._rows, self._places = table["rows"], table["places"]
        self._tokenizer = Tokenizer.from_file(str(folder / PIECES))
        vocabulary = self._tokenizer.get_vocab()
        self._begin, self._end = vocabulary["<s>"], vocabulary["</s>"]
        self._bodies = [_session(folder / body_name(step)) for step in range(len(LAYERS))]

    def steps(self, text: str) -> Iterator[Array]:
        """`text` as float32 (layers so far * 384,): for each layer 384 numbers of length 1. Each
        step has the numbers of the one before and those of its own layers."""
        state, whole = self._embedded(self.pieces(text)), np.empty(0, np.float32)
        for body in self._bodies:
            means, state = body.run(["means", "after"], {"before": state})
            layers = means.reshape(-1, DIMENSIONS)
            layers /= np.linalg.norm(layers, axis=1, keepdims=True)
            whole = np.concatenate([whole, layers.reshape(-1)])
            yield whole

    def encode(self, text: str) -> Array:
        """The last of its `steps`."""
        *_, whole = self.steps(text)
        return whole

    def pieces(self, text: str) -> list[int]:
        """The ids of the pieces of `text`, with its beginning and end."""
        found = self._tokenizer.encode(PREFIX + text, add_special_tokens=False).ids
        over = len(found) + 2 - MAX_TOKENS
        if over > 0:
            del found[AT_THE_BEGINNING : AT_THE_BEGINNING + over]
        return [self._begin, *found, self._end]

    def _embedded(self, ids: list[int]) -> Array:
        words = unpack(self._rows[ids]).reshape(len(ids), DIMENSIONS)
        return (words + self._places[: len(ids)])[None]


def _session(file: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        file.read_bytes(), _quiet(), providers=["CPUExecutionProvider"]
    )


def _quiet() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # An arena and its patterns are for equal shapes; sentences differ in length.
    options.enable_mem_pattern = False
    options.enable_cpu_mem_arena = False
    return options
